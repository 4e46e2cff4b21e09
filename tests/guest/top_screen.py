#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""top_screen FEATURE...: runs fnguard top on a terminal of its own and prints TAP of what it draws, and of what it leaves behind."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

PATIENCE = int(os.environ.get("PATIENCE", "1"))
NUMBER = 0
FAILED = False


def result(fine, what):
    global NUMBER, FAILED
    NUMBER += 1
    FAILED |= not fine
    print("ok" if fine else "not ok", NUMBER, "-", what, flush=True)


class Screen:
    """A terminal that only remembers what was written to it, and knows how to move."""

    def __init__(self, *arguments, size=(30, 160)):
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.environ["TERM"] = "vt100"
            os.execvp("fnguard", ["fnguard", "top", *arguments])
        self.size(*size)
        self.text = ""

    def size(self, lines, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def read(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not select.select([self.fd], [], [], 0.1)[0]:
                continue
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                return
            self.text += data.decode("ascii", "replace")

    def shows(self, pattern, seconds=20):
        """Waits until it was drawn since the last press."""
        end = time.monotonic() + seconds * PATIENCE
        while time.monotonic() < end:
            self.read(0.2)
            if re.search(pattern, self.plain(), re.S):
                return True
        print("# instead:", repr(self.plain()[-400:]))
        return False

    def plain(self):
        return re.sub(r"\x1b(\[[0-9;?]*[a-zA-Z]|[()][AB012]|[=>78M])|[\x0e\x0f]|\$<\d+>", " ", self.text)

    def press(self, keys):
        """Has everything drawn anew afterwards, and not only what is another than before."""
        self.text = ""
        os.write(self.fd, keys.encode())
        self.read(0.5 * PATIENCE)
        self.text = ""
        os.write(self.fd, b"\f")

    def end(self, seconds=10):
        """Exit status, or None if it does not end."""
        end = time.monotonic() + seconds * PATIENCE
        while time.monotonic() < end:
            self.read(0.1)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return None


def main():
    screen = Screen("--delay", "0.5")
    before = termios.tcgetattr(screen.fd)
    result(screen.shows(r"fnguard top: enforcing.*CGROUP.*DENIED.*top-many.*top-few"), "it draws, those with most denials first")
    result(screen.shows(r"file_open /etc/shadow"), "and what was refused last")
    screen.press("p")
    result(screen.shows(r"top-few.*top-many"), "p sorts by policy")
    screen.press("R")
    result(screen.shows(r"top-many.*top-few"), "R reverses that")
    screen.press("/few\n")
    result(screen.shows(r"1 rows"), "a filter leaves one")
    os.write(screen.fd, b"/\x7f\x7f\x7fmany")
    screen.shows("many_")
    screen.press("\x1b")
    result(screen.shows(r"/ filter: few"), "Escape takes another back")
    screen.size(5, 40)
    os.kill(screen.pid, signal.SIGWINCH)
    screen.press("d")
    screen.read(1)
    result(os.waitpid(screen.pid, os.WNOHANG)[0] == 0, "a screen that is too small is none that kills it")
    screen.press("q")
    result(screen.end() == 0, "q ends it")
    after = termios.tcgetattr(screen.fd)
    result(before[:4] == after[:4], "the terminal is as it was")
    for number in (signal.SIGTERM, signal.SIGINT):
        screen = Screen("--sort", "o")
        screen.shows("CGROUP")
        os.kill(screen.pid, number)
        result(screen.end() == 0, f"{number.name} ends it as well")
        result(termios.tcgetattr(screen.fd)[3] & termios.ECHO != 0, "and the terminal echoes again")
    print(f"1..{NUMBER}")
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
