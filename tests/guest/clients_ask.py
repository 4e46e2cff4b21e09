# SPDX-License-Identifier: GPL-2.0-only
"""clients_ask.py URL CERTIFICATE: says what is there, or in one word why not."""

import ssl
import sys
import urllib.error
import urllib.request

context = ssl.create_default_context(cafile=sys.argv[2])
try:
    with urllib.request.urlopen(sys.argv[1], timeout=20, context=context) as answer:
        print(answer.read().decode())
except urllib.error.URLError as error:
    print(type(error.reason).__name__)
