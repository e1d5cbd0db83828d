"""A certificate on paper, with the number under which anybody can check it."""

from datetime import UTC, datetime, time

from flask import current_app, render_template

from app.enablement.models import Certificate
from app.web.pdf import qr_code, render_pdf


def certificate_pdf(certificate: Certificate, *, company: str, entry: int | None) -> bytes:
    """Return the PDF/A-3a of a certificate; the same certificate gives the same bytes.

    ``entry`` is the number of its ledger entry, where the reader may know it.

    :raises PrinterBusy: if many documents are being printed
    """
    settings = current_app.config["SETTINGS"]
    url = f"{settings.address}/verify/{entry}" if entry is not None else ""
    html = render_template(
        "enablement/certificate.html",
        locale="en_GB",
        certificate=certificate,
        company=company,
        vendor_name=settings.vendor_name,
        entry=entry,
        verify_url=url,
        code=qr_code(url, scale=2) if url else "",
    )
    made = datetime.combine(certificate.awarded_on, time(), UTC)
    return render_pdf(html, title=f"Certificate {certificate.number}", created_at=made)
