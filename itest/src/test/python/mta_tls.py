#!/usr/bin/env python3
"""MTA-TLS (draft-badra-tls-multiplexing-01), written from the draft and the rules of docs/mta-tls.md only, with nothing of Holdfast.

    mta_tls.py server --listen PORT --key PEM --peer PEM          connects channels to their destinations
    mta_tls.py client --listen PORT --gateway HOST:PORT --key PEM --peer PEM     a SOCKS 5 proxy over channels
    mta_tls.py hostile --gateway HOST:PORT --key PEM --peer PEM --send HEX       sends bytes and waits for the end of the connection
    mta_tls.py hostile-server --listen PORT --key PEM --peer PEM --send HEX,HEX  does so with each connection, the next bytes with the next, then serves

A PEM file holds a certificate, and behind --key its private key, too. Prints one line with "ready".
"""
import argparse
import asyncio
import hashlib
import ssl
import struct
import sys

ALPN = "mta-tls/1"
REQUEST, SUCCESS, ECHEC, CLOSE, CONFIRM, DATA, MAX_PACKET, ACK = range(1, 9)
WINDOW = 50_000
PACKET = 5_000
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


def key_of(certificate):
    """The DER form of the P-256 key in a certificate's DER form."""
    at = certificate.index(SPKI)
    return certificate[at:at + 91]


def certificate_in(pem):
    text = open(pem).read()
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    return ssl.PEM_cert_to_DER_cert(text[text.index(begin):text.index(end) + len(end)] + "\n")


def field(data):
    return struct.pack(">H", len(data)) + data


class Channel:
    def __init__(self, mine):
        self.mine, self.id = mine, None
        self.room = self.packet = 0           # what we may send
        self.free, self.eaten = WINDOW, 0     # what the peer may send, and what we took since the last acknowledgment
        self.answer = asyncio.get_running_loop().create_future()
        self.arrived = asyncio.Queue()
        self.more = asyncio.Event()
        self.closed = self.closing = False


class Mux:
    def __init__(self, reader, writer, is_client, serve=None):
        self.reader, self.writer, self.serve = reader, writer, serve
        self.next = 0 if is_client else 1
        self.mine, self.by_id = {}, {}
        self.seen = set()

    def send(self, kind, body):
        self.writer.write(struct.pack(">BH", kind, len(body)) + body)

    def new_channel(self):
        while self.next in self.mine:
            self.next = (self.next + 2) % 65536
        channel = self.mine[self.next] = Channel(self.next)
        self.next = (self.next + 2) % 65536
        return channel

    async def open(self, host, port):
        """A channel, or the text of the refusal."""
        channel = self.new_channel()
        self.send(REQUEST, struct.pack(">HII", channel.mine, WINDOW, PACKET) + field(b"127.0.0.1") + struct.pack(">H", 9)
                  + field(host.encode()) + struct.pack(">H", port))
        refusal = await channel.answer
        return channel if refusal is None else refusal

    async def run(self):
        try:
            while True:
                kind = (await self.reader.readexactly(1))[0]
                size = struct.unpack(">I", await self.reader.readexactly(4))[0] + 4 if kind == DATA \
                    else struct.unpack(">H", await self.reader.readexactly(2))[0]
                self.seen.add(kind)
                self.handle(kind, await self.reader.readexactly(size))
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            for channel in list(self.mine.values()):
                self.gone(channel)

    def gone(self, channel):
        channel.closed = True
        channel.arrived.put_nowait(None)
        channel.more.set()
        if not channel.answer.done():
            channel.answer.set_result("1 the connection is gone")
        self.mine.pop(channel.mine, None)
        self.by_id.pop(channel.id, None)

    def handle(self, kind, body):
        if kind == REQUEST:
            theirs, room, packet = struct.unpack(">HII", body[:10])
            size = struct.unpack(">H", body[10:12])[0]
            at = 12 + size + 2
            size = struct.unpack(">H", body[at:at + 2])[0]
            host = body[at + 2:at + 2 + size].decode()
            port = struct.unpack(">H", body[at + 2 + size:])[0]
            asyncio.ensure_future(self.asked(theirs, room, packet, host, port))
        elif kind == SUCCESS:
            mine, theirs, room, packet = struct.unpack(">HHII", body)
            channel = self.mine[mine]
            self.agreed(channel, body[:4], room, packet)
            channel.answer.set_result(None)
        elif kind == ECHEC:
            channel = self.mine.pop(struct.unpack(">H", body[:2])[0])
            channel.answer.set_result(body[4:].decode())
            assert struct.unpack(">H", body[2:4])[0] == len(body) - 4
        else:
            channel = self.by_id.get(body[:4])
            if channel is None:
                assert kind != DATA, "data for a channel that is not open"
            elif kind == CLOSE:
                self.send(CONFIRM, body)
                self.gone(channel)
            elif kind == CONFIRM:
                self.gone(channel)
            elif kind == DATA:
                if not channel.closing:
                    channel.free -= len(body) - 4
                    assert channel.free >= 0, "more than the window"
                    assert len(body) - 4 <= PACKET, "more than max_packet_length"
                    channel.arrived.put_nowait(body[4:])
            elif kind == MAX_PACKET:
                channel.packet = struct.unpack(">I", body[4:])[0]
                assert channel.packet <= 16384
                channel.more.set()
            elif kind == ACK:
                channel.room += struct.unpack(">I", body[4:])[0]
                channel.more.set()

    def agreed(self, channel, identifier, room, packet):
        channel.id, channel.room, channel.packet = identifier, room, packet
        self.by_id[identifier] = channel

    async def asked(self, theirs, room, packet, host, port):
        try:
            reader, writer = await self.serve(host, port)
        except PermissionError:
            return self.refuse(theirs, "2 not allowed")
        except ConnectionRefusedError:
            return self.refuse(theirs, "5 refused")
        except OSError as e:
            return self.refuse(theirs, "4 " + str(e))
        channel = self.new_channel()
        self.agreed(channel, struct.pack(">HH", theirs, channel.mine), room, packet)
        self.send(SUCCESS, channel.id + struct.pack(">II", WINDOW, PACKET))
        await self.relay(channel, reader, writer)

    def refuse(self, theirs, text):
        self.send(ECHEC, struct.pack(">H", theirs) + field(text.encode()))

    async def relay(self, channel, reader, writer):
        up = asyncio.ensure_future(self.upward(channel, reader))
        try:
            while (data := await channel.arrived.get()) is not None:
                writer.write(data)
                await writer.drain()
                channel.eaten += len(data)
                if channel.eaten * 2 >= WINDOW and not channel.closed and not channel.closing:
                    self.send(ACK, channel.id + struct.pack(">I", channel.eaten))
                    channel.free += channel.eaten
                    channel.eaten = 0
        except ConnectionError:
            await self.close(channel)
        finally:
            up.cancel()
            writer.close()

    async def upward(self, channel, reader):
        try:
            while data := await reader.read(30_000):
                while data and not channel.closed:
                    step = min(len(data), channel.room, channel.packet)
                    if step == 0:
                        channel.more.clear()
                        await channel.more.wait()
                        continue
                    self.writer.write(struct.pack(">BI", DATA, step) + channel.id + data[:step])
                    channel.room -= step
                    data = data[step:]
                    await self.writer.drain()
        except ConnectionError:
            pass
        await self.close(channel)

    async def close(self, channel):
        if not channel.closed and not channel.closing:
            channel.closing = True
            self.send(CLOSE, channel.id)


def context(purpose, key):
    made = ssl.SSLContext(purpose)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    made.load_cert_chain(key)
    made.set_alpn_protocols([ALPN])
    return made


def require(writer, peer):
    tls = writer.get_extra_info("ssl_object")
    assert tls.selected_alpn_protocol() == ALPN, "no " + ALPN
    assert key_of(tls.getpeercert(True)) == key_of(certificate_in(peer)), "another key"


async def server(options):
    made = context(ssl.PROTOCOL_TLS_SERVER, options.key)
    made.verify_mode = ssl.CERT_REQUIRED
    made.load_verify_locations(cadata=certificate_in(options.peer))

    async def serve(host, port):
        if host == "10.0.0.1":
            raise PermissionError()
        return await asyncio.open_connection(host, port)

    nonsense = options.send.split(",") if options.send else []

    async def connected(reader, writer):
        require(writer, options.peer)
        if nonsense:
            said = nonsense.pop(0)
            writer.write(bytes.fromhex(said))
            try:
                while await reader.read(4096):
                    pass
            except (ConnectionError, ssl.SSLError):
                pass
            print("ended after", said, flush=True)
            writer.close()
            return
        mux = Mux(reader, writer, False, serve)
        await mux.run()
        print("seen", sorted(mux.seen), flush=True)
        writer.close()

    return await asyncio.start_server(connected, "127.0.0.1", options.listen, ssl=made)


async def dial(options):
    made = context(ssl.PROTOCOL_TLS_CLIENT, options.key)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    host, port = options.gateway.rsplit(":", 1)
    reader, writer = await asyncio.open_connection(host, int(port), ssl=made)
    require(writer, options.peer)
    return reader, writer


async def client(options):
    mux = Mux(*await dial(options), True)
    running = asyncio.ensure_future(mux.run())
    running.add_done_callback(lambda done: print("ended", done.exception(), "seen", sorted(mux.seen), flush=True))

    async def program(reader, writer):
        try:
            count = (await reader.readexactly(2))[1]
            await reader.readexactly(count)
            writer.write(b"\x05\x00")
            kind = (await reader.readexactly(4))[3]
            if kind == 1:
                host = ".".join(map(str, await reader.readexactly(4)))
            elif kind == 4:
                raw = await reader.readexactly(16)
                host = ":".join(raw[i:i + 2].hex() for i in range(0, 16, 2))
            else:
                host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
            port = struct.unpack(">H", await reader.readexactly(2))[0]
            opened = await mux.open(host, port)
            reply = 0 if isinstance(opened, Channel) else int(opened.split(" ")[0])
            writer.write(bytes([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]))
            if reply == 0:
                await mux.relay(opened, reader, writer)
            else:
                print("refused", opened, flush=True)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(program, "127.0.0.1", options.listen, backlog=512)


async def hostile(options):
    reader, writer = await dial(options)
    writer.write(bytes.fromhex(options.send))
    answer = b""
    try:
        while data := await asyncio.wait_for(reader.read(4096), 30):
            answer += data
    except ConnectionError:
        pass
    print("ended", hashlib.sha256(answer).hexdigest()[:8], answer.hex(), flush=True)


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("role", choices=["server", "client", "hostile", "hostile-server"])
    options.add_argument("--listen", type=int)
    options.add_argument("--gateway")
    options.add_argument("--key", required=True)
    options.add_argument("--peer", required=True)
    options.add_argument("--send", default="")
    options = options.parse_args()
    if options.role == "hostile":
        return await hostile(options)
    running = await (client if options.role == "client" else server)(options)
    print("ready", options.role, flush=True)
    async with running:
        await running.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(0)
