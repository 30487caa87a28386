from django.urls import path
from django.views.generic import RedirectView

from ledger.forms import goods, invoices, payments
from ledger.forms.quick import QuickPaymentForm, QuickShipmentForm
from ledger.grid.layout import PAYMENT_GRID, SHIPMENT_GRID
from ledger.views import acts, attachments, confirmations, documents, entries, grid, quick

app_name = "ledger"

new = documents.DocumentPage.as_view

urlpatterns = [
    path("", entries.EntryList.as_view(), name="entries"),
    path("<int:pk>/", entries.entry_detail, name="entry"),
    path("<int:pk>/allocate/", acts.allocate, name="allocate"),
    path("<int:pk>/confirm/", confirmations.confirm_entry, name="confirm"),
    path("<int:pk>/withdraw/", confirmations.withdraw_entry, name="withdraw"),
    path("<int:pk>/reverse/", acts.reverse_entry, name="reverse"),
    path("<int:pk>/red-letter/", acts.red_letter, name="red-letter"),
    path("<int:pk>/step/", acts.step, name="step"),
    path("<int:pk>/delivery/", acts.delivery, name="delivery"),
    path("allocations/<int:pk>/undo/", acts.undo, name="undo"),
    path("customers/<int:pk>/allocate/", acts.allocate_automatically, name="allocate-automatically"),
    path("<int:pk>/files/", attachments.upload_to_entry, name="entry-files"),
    path("customers/<int:pk>/files/", attachments.upload_to_customer, name="customer-files"),
    path("files/<int:pk>/", attachments.file, name="file"),
    path("files/<int:pk>/withdraw/", attachments.withdraw_file, name="withdraw-file"),
    path("quick/", RedirectView.as_view(pattern_name="ledger:quick-payment", query_string=True), name="quick"),
    path(
        "quick/payment/",
        quick.QuickPage.as_view(form_class=QuickPaymentForm, tab="payment"),
        name="quick-payment",
    ),
    path(
        "quick/shipment/",
        quick.QuickPage.as_view(form_class=QuickShipmentForm, tab="shipment"),
        name="quick-shipment",
    ),
    path("quick/customers/", quick.options, name="quick-customers"),
    path("grid/", RedirectView.as_view(pattern_name="ledger:grid-payments"), name="grid"),
    path("grid/payments/", grid.GridPage.as_view(layout=PAYMENT_GRID, tab="payment"), name="grid-payments"),
    path("grid/shipments/", grid.GridPage.as_view(layout=SHIPMENT_GRID, tab="shipment"), name="grid-shipments"),
    path("shipments/new/", new(form_class=goods.ShipmentForm), name="shipment-new"),
    path("returns/new/", new(form_class=goods.ReturnForm), name="return-new"),
    path("invoices/new/", new(form_class=invoices.InvoiceForm), name="invoice-new"),
    path("credit-notes/new/", new(form_class=invoices.CreditNoteForm), name="credit-note-new"),
    path("payments/new/", new(form_class=payments.PaymentForm), name="payment-new"),
    path("refunds/new/", new(form_class=payments.RefundForm), name="refund-new"),
    path("discounts/new/", new(form_class=payments.DiscountForm), name="discount-new"),
    path("openings/new/", new(form_class=payments.OpeningForm, for_bookkeepers=True), name="opening-new"),
]
