"""A script that uses the proxy: connects, then has `proxy-client binding` tell what binds a login to that connection.

bound.py PROXY_PORT DESTINATION_PORT inherit|alone CLIENT HOME
bound.py ADDRESS DESTINATION_PORT inherit|alone CLIENT HOME       without a proxy that it knows of: connects there itself"""

import socket
import struct
import subprocess
import sys

proxy, port, how, client, home = sys.argv[1:]
if proxy.isdigit():
    connection = socket.create_connection(("127.0.0.1", int(proxy)))
    connection.sendall(b"\x05\x01\x00")
    assert connection.recv(2) == b"\x05\x00"
    connection.sendall(b"\x05\x01\x00\x01" + socket.inet_aton("127.0.0.1") + struct.pack("!H", int(port)))
    answer = connection.recv(10)
    assert answer[1] == 0, answer
else:
    connection = socket.create_connection((proxy, int(port)))
local = "%s:%d" % connection.getsockname()
files = [connection.fileno()] if how == "inherit" else []
asked = subprocess.run([client, "binding", "--local", local, "--home", home], pass_fds=files)
sys.exit(asked.returncode)
