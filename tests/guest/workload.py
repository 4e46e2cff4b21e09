#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A function in Python: it reads its code, writes a file, and answers a request
that it makes itself. With an argument it also reads what it may not."""
import http.server
import json
import sys
import tempfile
import threading
import urllib.request


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"path": self.path}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


def request():
    server = http.server.HTTPServer(("127.0.0.1", 8080), Handler)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    with urllib.request.urlopen("http://127.0.0.1:8080/question") as answer:
        path = json.load(answer)["path"]
    thread.join()
    return path


def write():
    with tempfile.NamedTemporaryFile("w+") as file:
        json.dump({"written": True}, file)
        file.flush()
        file.seek(0)
        return json.load(file)["written"]


def misbehave():
    try:
        open("/etc/shadow").close()
        print("misbehaved")
    except PermissionError:
        pass


if __name__ == "__main__":
    with open(__file__) as code:
        assert "A function in Python" in code.read()
    assert write() and request() == "/question"
    if len(sys.argv) > 1:
        misbehave()
    print("done")
