package holdfast.frame;

import holdfast.protocol.Destination;
import holdfast.protocol.ErrorCode;
import holdfast.protocol.OpenRequest;
import holdfast.protocol.SessionId;
import holdfast.protocol.SessionRandom;
import holdfast.protocol.StreamKind;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Every type of frame with its bytes, field by field: what PROTOCOL.md section 3 says, in a form that a test can run. */
final class FrameSamples {
    /** A frame and what it looks like on the wire. */
    record Sample(Frame frame, String hex) {
        byte[] bytes() {
            return FrameSamples.hex(hex);
        }

        @Override
        public String toString() {
            return frame.type() + " " + hex.length() / 2;
        }
    }

    private static final SessionId ID = SessionId.of(hex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"));
    private static final String RANDOM = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private FrameSamples() {}

    static List<Sample> all() {
        return Stream.of(handshake(), pathScoped(), streams(), credit(), rest())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Sample> handshake() {
        return List.of(
                sample(
                        new Hello(
                                List.of(1L, 2L),
                                SessionRandom.of(hex(RANDOM)),
                                5,
                                Optional.empty(),
                                Parameters.of(Map.of(1L, 262_144L))),
                        "00002b", // body length: 43
                        "04", // HELLO
                        "02", // two versions
                        "01", // version 1
                        "02", // version 2
                        RANDOM, // the client's random
                        "05", // path 5
                        "00", // no previous session
                        "01", // one parameter
                        "01", // STREAM_WINDOW
                        "80040000"), // 262144 in four bytes
                sample(
                        new Hello(List.of(1L), SessionRandom.of(hex(RANDOM)), 0, Optional.of(ID), Parameters.NONE),
                        "000035", // body length: 53
                        "04", // HELLO
                        "01", // one version
                        "01", // version 1
                        RANDOM, // the client's random
                        "00", // path 0
                        "01", // a previous session follows
                        "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf", // its id
                        "00"), // no parameters
                sample(
                        new HelloOk(
                                1,
                                ID,
                                SessionRandom.of(hex(RANDOM)),
                                true,
                                List.of(new PathCount(3, 70_000)),
                                List.of("a:1", "b:22"),
                                Parameters.of(Map.of(3L, 100L, 5L, 8L))),
                        "000048", // body length: 72
                        "05", // HELLO_OK
                        "01", // version 1
                        "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf", // the session's id
                        RANDOM, // the gateway's random
                        "01", // a new session
                        "01", // one retired path
                        "03", // path 3
                        "80011170", // 70000 bytes received on it
                        "02", // two addresses
                        "03" + "613a31", // a:1
                        "04" + "623a3232", // b:22
                        "02", // two parameters
                        "03" + "4064", // MAX_STREAMS: 100
                        "05" + "08"), // MAX_PATHS: 8
                sample(
                        new Join(ID, 64, List.of(new PathCount(62, 0), new PathCount(63, 1 << 30)), Parameters.NONE),
                        "00001f", // body length: 31
                        "06", // JOIN
                        "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf", // the session's id
                        "4040", // path 64
                        "02", // two retired paths
                        "3e" + "00", // path 62: nothing received
                        "3f" + "c000000040000000", // path 63: 2^30 bytes received
                        "00"), // no parameters
                sample(
                        new JoinOk(List.of(), Parameters.NONE),
                        "000002", // body length
                        "07", // JOIN_OK
                        "00", // no retired path
                        "00"), // no parameters
                sample(
                        new Refused(ErrorCode.SESSION_GONE, "gone"),
                        "000006", // body length
                        "0a", // REFUSED
                        "20", // SESSION_GONE
                        "04" + "676f6e65"), // gone
                sample(
                        new Enrol("c0de", "laptop"),
                        "00000c", // body length
                        "08", // ENROL
                        "04" + "63306465", // code: c0de
                        "06" + "6c6170746f70"), // device: laptop
                sample(
                        new EnrolOk("alice", List.of("h:443")),
                        "00000d", // body length
                        "09", // ENROL_OK
                        "05" + "616c696365", // user: alice
                        "01", // one address
                        "05" + "683a343433")); // h:443
    }

    private static List<Sample> pathScoped() {
        return List.of(
                sample(
                        new Padding(3),
                        "000003", // body length
                        "00", // PADDING
                        "000000"), // nothing
                sample(
                        new Ping(0x0102030405060708L),
                        "000008", // body length
                        "01", // PING
                        "0102030405060708"), // nonce
                sample(
                        new Pong(-1),
                        "000008", // body length
                        "02", // PONG
                        "ffffffffffffffff"), // nonce
                sample(
                        new PathAck(List.of(new PathAck.Entry(0, 16_384, 0), new PathAck.Entry(1, 5, 9_999))),
                        "00000b", // body length
                        "03", // PATH_ACK
                        "02", // two paths
                        "00" + "80004000" + "00", // path 0: 16384 bytes, not held
                        "01" + "05" + "670f")); // path 1: 5 bytes, held 9999 microseconds
    }

    private static List<Sample> streams() {
        return List.of(
                sample(
                        new Open(2, OpenRequest.tcp(Destination.parse("example.com:443"))),
                        "000013", // body length
                        "10", // OPEN
                        "02", // stream 2
                        "00", // TCP
                        "03", // urgency 3
                        "03" + "0b" + "6578616d706c652e636f6d", // a name: example.com
                        "01bb", // port 443
                        "00"), // no parameters
                sample(
                        new Open(3, new OpenRequest(StreamKind.BIND, Destination.parse("[2001:db8::1]:80"), 7)),
                        "000017", // body length
                        "10", // OPEN
                        "03", // stream 3
                        "02", // BIND
                        "07", // urgency 7
                        "04" + "20010db8000000000000000000000001", // an IPv6 address
                        "0050", // port 80
                        "00"), // no parameters
                sample(
                        new Open(
                                4,
                                new OpenRequest(StreamKind.GATEWAY, Destination.parse("unix:/s"), 0),
                                Parameters.of(Map.of(9L, 1L))),
                        "00000c", // body length
                        "10", // OPEN
                        "04", // stream 4
                        "04", // GATEWAY
                        "00", // urgency 0
                        "05" + "02" + "2f73", // a Unix-domain path: /s
                        "0000", // port 0
                        "01", // one parameter
                        "09" + "01"), // parameter 9: 1
                sample(
                        new Open(5, OpenRequest.forwarded(Destination.parse("192.0.2.9:4711"), 70)),
                        "00000e", // body length
                        "10", // OPEN
                        "05", // stream 5
                        "06", // FORWARDED
                        "03", // urgency 3
                        "01" + "c0000209", // an IPv4 address: 192.0.2.9
                        "1267", // port 4711
                        "01", // one parameter
                        "06" + "4046"), // LISTENER: stream 70
                sample(
                        new Accept(16_384, Destination.parse("192.0.2.7:65535")),
                        "00000b", // body length
                        "11", // ACCEPT
                        "80004000", // stream 16384
                        "01" + "c0000207", // an IPv4 address
                        "ffff"), // port 65535
                sample(
                        new Reject(6, ErrorCode.CONNECTION_REFUSED, "no"),
                        "000005", // body length
                        "12", // REJECT
                        "06", // stream 6
                        "05", // CONNECTION_REFUSED
                        "02" + "6e6f"), // no
                sample(
                        new Data(8, 63, false, Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII)),
                        "000007", // body length
                        "13", // DATA
                        "08", // stream 8
                        "3f", // offset 63
                        "68656c6c6f"), // hello
                sample(
                        new Data(8, 64, true, Unpooled.copiedBuffer("bye", StandardCharsets.US_ASCII)),
                        "000006", // body length
                        "14", // DATA_FIN
                        "08", // stream 8
                        "4040", // offset 64
                        "627965"), // bye
                sample(
                        new Data(1_000_000, VarInt.MAX, true, Unpooled.EMPTY_BUFFER),
                        "00000c", // body length
                        "14", // DATA_FIN
                        "800f4240", // stream 1000000
                        "ffffffffffffffff"), // the largest offset, no bytes
                sample(
                        new Reset(9, ErrorCode.CONNECTION_RESET, 16_383),
                        "000004", // body length
                        "15", // RESET
                        "09", // stream 9
                        "0a", // CONNECTION_RESET
                        "7fff"), // final size 16383
                sample(
                        new Stop(10, ErrorCode.CANCELLED),
                        "000002", // body length
                        "16", // STOP
                        "0a", // stream 10
                        "0b")); // CANCELLED
    }

    private static List<Sample> credit() {
        return List.of(
                sample(
                        new MaxStreamData(12, 524_288),
                        "000005", // body length
                        "20", // MAX_STREAM_DATA
                        "0c", // stream 12
                        "80080000"), // up to offset 524288
                sample(
                        new MaxData(VarInt.MAX),
                        "000008", // body length
                        "21", // MAX_DATA
                        "ffffffffffffffff"), // the largest count
                sample(
                        new MaxStreams(1_024),
                        "000002", // body length
                        "22", // MAX_STREAMS
                        "4400"), // 1024 streams
                sample(
                        new Blocked(0, 63),
                        "000002", // body length
                        "23", // BLOCKED
                        "00", // by the session's credit
                        "3f")); // at 63
    }

    private static List<Sample> rest() {
        return List.of(
                sample(
                        new Priority(14, 1, 0),
                        "000003", // body length
                        "30", // PRIORITY
                        "0e", // stream 14
                        "01", // the first change
                        "00"), // urgency 0
                sample(
                        new Datagram(20, 1, Unpooled.copiedBuffer("dg", StandardCharsets.US_ASCII)),
                        "000004", // body length
                        "31", // DATAGRAM
                        "14", // flow 20
                        "01", // context 1
                        "6467"), // dg
                sample(
                        new AddAddress(1, "g:1"),
                        "000005", // body length
                        "32", // ADD_ADDRESS
                        "01", // the first that is said
                        "03" + "673a31"), // g:1
                sample(
                        new NextKey(2, "p1n"),
                        "000005", // body length
                        "38", // NEXT_KEY
                        "02", // the second that is said
                        "03" + "70316e"), // p1n
                sample(
                        new RemoveAddress(70, ""),
                        "000003", // body length
                        "33", // REMOVE_ADDRESS
                        "4046", // the 70th
                        "00"), // an empty text
                sample(
                        new PathStatus(2, 3, 1),
                        "000003", // body length
                        "34", // PATH_STATUS
                        "02", // path 2
                        "03", // the third change
                        "01"), // standby
                sample(
                        new PathClose(2, 300, ErrorCode.TIMED_OUT),
                        "000004", // body length
                        "35", // PATH_CLOSE
                        "02", // path 2
                        "412c", // 300 bytes received
                        "06"), // TIMED_OUT
                sample(
                        new GoAway(0, 30_000, List.of("n:1")),
                        "00000a", // body length
                        "36", // GOAWAY
                        "00", // no stream is served
                        "80007530", // 30 s
                        "01", // one other gateway
                        "03" + "6e3a31"), // n:1
                sample(
                        new SessionClose(ErrorCode.SHUTDOWN, "\u00e9"),
                        "000004", // body length
                        "37", // SESSION_CLOSE
                        "27", // SHUTDOWN
                        "02" + "c3a9"), // e with an acute accent, two bytes
                sample(
                        new Conditions(1, List.of("recording=none")),
                        "000011", // body length
                        "40", // CONDITIONS
                        "01", // the first
                        "01", // one text
                        "0e" + "7265636f7264696e673d6e6f6e65"), // recording=none
                sample(
                        new Agreed(1, true, ""),
                        "000003", // body length
                        "41", // AGREED
                        "01", // to the first
                        "01", // accepted
                        "00")); // nothing to add
    }

    static byte[] hex(String... fields) {
        return HexFormat.of().parseHex(String.join("", fields));
    }

    private static Sample sample(Frame frame, String... fields) {
        return new Sample(frame, String.join("", fields));
    }
}
