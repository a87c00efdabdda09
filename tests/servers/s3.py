"""As much of S3 as it takes to make a bucket with notifications: one signed request (Signature Version 4)."""
import datetime
import hashlib
import hmac
import http.client


def sign(method, host, path, query, body, access_key, secret_key, region, now):
    """The fields of the request that prove who sends it. https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html"""
    moment, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    digest = hashlib.sha256(body).hexdigest()
    signed = {"host": host, "x-amz-content-sha256": digest, "x-amz-date": moment}
    names = ";".join(signed)
    request = "\n".join([method, path, query, *(f"{name}:{value}" for name, value in signed.items()), "", names, digest])
    scope = f"{day}/{region}/s3/aws4_request"
    key = f"AWS4{secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    words = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(request.encode()).hexdigest()])
    signature = hmac.new(key, words.encode(), hashlib.sha256).hexdigest()
    return signed | {"Authorization": f"AWS4-HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={names}, "
                                      f"Signature={signature}"}


def ask(address, method, path, query, body, access_key, secret_key, region):
    """status, body. path and query as they are sent: nothing in them that needs an escape."""
    fields = sign(method, address, path, query, body, access_key, secret_key, region,
                  datetime.datetime.now(datetime.timezone.utc))
    connection = http.client.HTTPConnection(address, timeout=30)
    try:
        connection.request(method, path + ("?" + query if query else ""), body, fields)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def notification(queue):
    """The configuration of a bucket that tells `queue` of every new object."""
    return (f"<NotificationConfiguration><QueueConfiguration><Id>new</Id><Queue>{queue}</Queue>"
            "<Event>s3:ObjectCreated:*</Event></QueueConfiguration></NotificationConfiguration>").encode()
