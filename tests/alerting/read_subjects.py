"""Reads mails (each: a length in ten digits, then the bytes) and prints what Python's parser makes of them, a JSON
line each: subject, the attachment's name, the longest line of the subject's header."""
import email
import email.policy
import json
import re
import sys

data = open(sys.argv[1], "rb").read()
at = 0
while at < len(data):
    size = int(data[at:at + 10])
    raw = data[at + 10:at + 10 + size]
    at += 10 + size
    message = email.message_from_bytes(raw, policy=email.policy.default)
    names = [part.get_filename() for part in message.walk() if part.get_filename()]
    print(json.dumps({"subject": message["Subject"], "file": names[0] if names else "",
                      "line": max(len(line) for line in re.search(rb"Subject:.*(?:\r\n[ \t].*)*", raw)[0].split(b"\r\n"))}))
