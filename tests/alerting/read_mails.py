"""Reads mails (each: a length in ten digits, then the bytes) and prints what Python's parser makes of them, a JSON
line each: subject, the attachment's name by both of its headers, other headers, the text, and the longest line."""
import email
import email.header
import email.policy
import json
import sys

data = open(sys.argv[1], "rb").read()
at = 0
while at < len(data):
    size = int(data[at:at + 10])
    raw = data[at + 10:at + 10 + size]
    at += 10 + size
    message = email.message_from_bytes(raw, policy=email.policy.default)
    file = [part for part in message.walk() if part.get_content_disposition() == "attachment"][0]
    # As it stands in Content-Type: an encoded-word in quotes (or several), or RFC 2231.
    old = email.message_from_bytes(raw, policy=email.policy.compat32)
    name = [part for part in old.walk() if part.get_content_disposition() == "attachment"][0].get_param("name")
    name = name[2] if isinstance(name, tuple) else str(email.header.make_header(email.header.decode_header(name)))
    print(json.dumps({"subject": message["Subject"], "file": file.get_filename(), "name": name,
                      "id": message["Message-ID"].strip(), "unsubscribe": message["List-Unsubscribe"].strip(),
                      "text": message.get_body(("plain",)).get_content(),
                      "line": max(raw.split(b"\r\n"), key=len).decode()}))
