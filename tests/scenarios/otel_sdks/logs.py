import logging

from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor


class PaymentDeclined(Exception):
    pass


def charge():
    raise PaymentDeclined("by a log 1999")


provider = LoggerProvider()
provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
log = logging.getLogger("shop.mailer")
log.addHandler(LoggingHandler(logger_provider=provider))
log.setLevel("INFO")
log.info("nothing happened")
log.error("mail %s could not be sent", 42, extra={"password": "hunter2"})
try:
    charge()
except PaymentDeclined:
    log.exception("charging failed")
provider.shutdown()
