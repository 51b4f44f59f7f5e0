"""A script that uses the proxy: connects, then has `proxy-client binding` tell what binds a login to that connection.

bound.py PROXY_PORT DESTINATION_PORT inherit|alone CLIENT HOME"""

import socket
import struct
import subprocess
import sys

proxy, port, how, client, home = sys.argv[1:]
connection = socket.create_connection(("127.0.0.1", int(proxy)))
connection.sendall(b"\x05\x01\x00")
assert connection.recv(2) == b"\x05\x00"
connection.sendall(b"\x05\x01\x00\x01" + socket.inet_aton("127.0.0.1") + struct.pack("!H", int(port)))
answer = connection.recv(10)
assert answer[1] == 0, answer
local = "%s:%d" % connection.getsockname()
files = [connection.fileno()] if how == "inherit" else []
asked = subprocess.run([client, "binding", "--local", local, "--home", home], pass_fds=files)
sys.exit(asked.returncode)
