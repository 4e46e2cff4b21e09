# SPDX-License-Identifier: GPL-2.0-only
"""clients_server.py ADDRESS CERTIFICATE: answers over HTTP on port 8080 and over TLS on 8443; /away leads elsewhere."""

import http.server
import ssl
import sys
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://bad.evil.test:8080/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"served")

    def log_message(self, *args):
        pass


def listen(address, port):
    server = http.server.ThreadingHTTPServer((address, port), Handler)
    server.daemon_threads = True
    return server


plain = listen(sys.argv[1], 8080)
secure = listen(sys.argv[1], 8443)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2])
secure.socket = context.wrap_socket(secure.socket, server_side=True)
threading.Thread(target=plain.serve_forever, daemon=True).start()
secure.serve_forever()
