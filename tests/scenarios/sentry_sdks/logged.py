import logging

from circumstances import begin, charge, say_more

begin()
say_more()
log = logging.getLogger("shop.mailer")
log.error("mail %s could not be sent to %s", 42, "ann", extra={"marker": "logged"})
try:
    charge("logged")
except Exception:
    log.exception("charging failed")
