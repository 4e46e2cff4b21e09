# SPDX-License-Identifier: MIT
"""The function: does every step in a child, and prints a line of JSON about each."""
import errno
import json
import os
import signal
import sys

import steps


def describe(error):
    """EACCES, or what was said where there is no number."""
    number = getattr(error, "errno", None)
    return errno.errorcode[number] if number else str(error).rsplit(": ", maxsplit=1)[-1]


def child(act, out):
    """An act may become another program, which closes the pipe without a word."""
    try:
        act()
    except Exception as error:  # whatever it is, it is told
        os.write(out, describe(error).encode())
    os._exit(0)


def attempt(act):
    """The process that tried, and the error, or an empty string."""
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(read)
        child(act, write)
    os.close(write)
    with os.fdopen(read) as pipe:
        error = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status < 0:
        error = signal.Signals(-status).name
    elif status:
        error = f"status {status}"
    return pid, error


def main():
    for step in steps.STEPS:
        pid, error = attempt(step.act)
        json.dump({"what": step.what, "needed": step.needed, "ask": step.ask, "pid": pid, "error": error}, sys.stdout)
        print(flush=True)


main()
