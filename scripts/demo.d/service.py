#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""service.py ADDRESS:PORT...: a small HTTP service, at each of the addresses."""
import http.server
import socket
import sys
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"an answer\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Says nothing: the demo tells what happened."""


class Server(http.server.ThreadingHTTPServer):
    def __init__(self, address):
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Handler)

    def server_bind(self):
        """As HTTPServer does, but without looking up its own name."""
        http.server.socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]


def main():
    for word in sys.argv[1:]:
        host, port = word.rsplit(":", 1)
        server = Server((host.strip("[]"), int(port)))
        threading.Thread(target=server.serve_forever).start()


main()
