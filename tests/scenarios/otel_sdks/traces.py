from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


class PaymentDeclined(Exception):
    pass


def charge():
    raise PaymentDeclined("by a span 1999")


provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer("shop.checkout")
with tracer.start_as_current_span("harmless"):
    pass
with tracer.start_as_current_span("POST /pay") as span:
    span.set_attributes({"http.request.method": "POST", "url.full": "https://x.y/pay?token=t0p", "user.id": "u-7"})
    try:
        charge()
    except PaymentDeclined as declined:
        span.record_exception(declined)
provider.shutdown()
