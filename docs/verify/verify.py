# python verify.py receipt.json jwks.json      (pip install jwcrypto)
import base64, hashlib, json, sys
from datetime import datetime
from jwcrypto import jwk, jws

receipt, published = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:3])

def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

def check(holds, what):
    if not holds:
        sys.exit(f"not good: {what}")

by_type = {}
for signature in receipt["signatures"]:
    header = json.loads(decoded(signature["protected"]))
    check(header["typ"] not in by_type, "one signature of each kind")
    # Each signature alone, as a compact JWS, with ITS key: a General JWS would pass if any one of them were good.
    compact = f'{signature["protected"]}.{receipt["payload"]}.{signature["signature"]}'
    if header["typ"] == "candor-record+jws":
        key = jwk.JWK(**header["jwk"])
        check(header["kid"] == key.thumbprint(), "the device key is the one that kid names")
    elif header["typ"] == "candor-receipt+jws":
        found = next((each for each in published["keys"] if each["kid"] == header["kid"]), None)
        check(found, "the controller published this key")
        received = datetime.fromisoformat(header["rcv"]).timestamp()
        valid = found.get("nbf", 0) <= received < found.get("exp", float("inf"))
        check(valid and "revoked" not in found, "the key was valid when the record was received")
        key = jwk.JWK(**{name: found[name] for name in ("kty", "crv", "x", "y")})
    else:
        check(False, f'a signature of a known kind, not {header["typ"]}')
    token = jws.JWS()
    token.allowed_algs = ["ES256"]
    token.deserialize(compact)
    token.verify(key)
    by_type[header["typ"]] = (header, compact)

check("candor-receipt+jws" in by_type, "a receipt carries the controller's signature")
controller, _ = by_type["candor-receipt+jws"]
# dsig ties the two together: without it one device signature could be exchanged for another.
_, device = by_type.get("candor-record+jws", (None, None))
dsig = device and base64.urlsafe_b64encode(hashlib.sha256(device.encode("ascii")).digest()).rstrip(b"=").decode()
check(controller.get("dsig") == dsig, "the controller countersigned this device signature")
print("good", json.loads(decoded(receipt["payload"]))["id"], "received", controller["rcv"])
