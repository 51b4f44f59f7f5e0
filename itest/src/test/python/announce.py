"""Announces a gateway on the local link by multicast DNS (RFC 6762, RFC 6763): announce.py ADDRESS NAME HOST PORT. ADDRESS says on which link."""

import socket
import sys
import threading

from zeroconf import IPVersion, ServiceInfo, Zeroconf

address, name, host, port = sys.argv[1:]
TYPE = "_holdfast._tcp.local."
responder = Zeroconf(interfaces=[address], ip_version=IPVersion.V4Only)
responder.register_service(
    ServiceInfo(TYPE, f"{name}.{TYPE}", addresses=[socket.inet_aton(address)], port=int(port), priority=5, server=host)
)
print("announced", flush=True)
threading.Event().wait()
