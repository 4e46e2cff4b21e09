#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A function that waits to be moved about: for each file that appears below
/run/entering, it does what the file is called, until it is told to `end`."""
import errno
import os
import sys
import threading
import time


def read_secret():
    try:
        with open("/tmp/secret", encoding="ascii") as secret:
            return secret.read()
    except OSError as error:
        return errno.errorcode[error.errno]


def execute():
    os.execv(sys.argv[0], sys.argv)


def execute_by_thread():
    thread = threading.Thread(target=execute)
    thread.start()
    thread.join()


def step(name):
    path = f"/run/entering/{name}"
    if not os.path.exists(path):
        return False
    os.unlink(path)
    return True


def main():
    while not step("end"):
        if step("read"):
            print(read_secret(), flush=True)
        if step("execute"):
            execute()
        if step("execute_by_thread"):
            execute_by_thread()
        time.sleep(0.02)


if __name__ == "__main__":
    main()
