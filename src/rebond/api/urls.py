"""The API's addresses."""

from django.urls import path

from rebond import __version__
from rebond.api.description import DescribedAPI
from rebond.api.errors import nowhere, show_errors
from rebond.api.hooks import carrier_hook, payment_hook
from rebond.api.pages import page_of
from rebond.api.v1.audit import router as audit
from rebond.api.v1.balances import router as balances
from rebond.api.v1.baskets import router as baskets
from rebond.api.v1.checklists import router as checklists
from rebond.api.v1.contests import router as contests
from rebond.api.v1.credit import router as credit
from rebond.api.v1.credit_note_drafts import router as credit_note_drafts
from rebond.api.v1.customs import router as customs
from rebond.api.v1.discussions import router as discussions
from rebond.api.v1.documents import router as documents
from rebond.api.v1.duties import router as duties
from rebond.api.v1.enquiries import router as enquiries
from rebond.api.v1.events import router as events
from rebond.api.v1.exchanges import router as exchanges
from rebond.api.v1.labels import router as labels
from rebond.api.v1.letters import router as letters
from rebond.api.v1.money_tasks import router as money_tasks
from rebond.api.v1.no_receipt import router as no_receipt
from rebond.api.v1.non_deliveries import router as non_deliveries
from rebond.api.v1.orders import router as orders
from rebond.api.v1.own_pages import router as own_pages
from rebond.api.v1.policies import router as policies
from rebond.api.v1.policy_trials import router as policy_trials
from rebond.api.v1.portal_links import router as portal_links
from rebond.api.v1.privacy import router as privacy
from rebond.api.v1.products import router as products
from rebond.api.v1.questions import router as questions
from rebond.api.v1.reasons import router as reasons
from rebond.api.v1.refunds import router as refunds
from rebond.api.v1.return_runs import router as return_runs
from rebond.api.v1.return_slips import router as return_slips
from rebond.api.v1.return_verbs import router as return_verbs
from rebond.api.v1.returns import router as returns
from rebond.api.v1.roles import router as roles
from rebond.api.v1.shoppers import router as shoppers
from rebond.api.v1.staff import router as staff
from rebond.api.v1.stock_reports import router as stock_reports
from rebond.api.v1.suggestions import router as suggestions
from rebond.api.v1.warehouse import router as warehouse
from rebond.api.v1.webhooks import router as webhooks
from rebond.api.v1.withdrawals import router as withdrawals

api = DescribedAPI(
    title="Rebond",
    version=__version__,
    description="Returns and refunds for online shops.",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api-1",
)
api.add_router("", questions)
api.add_router("", returns)
api.add_router("", baskets)
api.add_router("", return_runs)
api.add_router("", return_verbs)
api.add_router("", exchanges)
api.add_router("", labels)
api.add_router("", no_receipt)
api.add_router("", contests)
api.add_router("", enquiries)
api.add_router("", non_deliveries)
api.add_router("", discussions)
api.add_router("", suggestions)
api.add_router("", customs)
api.add_router("", portal_links)
api.add_router("", orders)
api.add_router("", shoppers)
api.add_router("", checklists)
api.add_router("", warehouse)
api.add_router("", stock_reports)
api.add_router("", return_slips)
api.add_router("", documents)
api.add_router("", credit_note_drafts)
api.add_router("", events)
api.add_router("", webhooks)
api.add_router("", own_pages)
api.add_router("", reasons)
api.add_router("", letters)
api.add_router("", products)
api.add_router("", staff)
api.add_router("", roles)
api.add_router("", privacy)
api.add_router("", audit)
api.add_router("", refunds)
api.add_router("", money_tasks)
api.add_router("", credit)
api.add_router("", balances)
api.add_router("", duties)
api.add_router("", withdrawals)
api.add_router("", policies)
api.add_router("", policy_trials)
show_errors(api)

urlpatterns = [
    path("api/v1/", page_of(api), name="api_reference"),
    path("api/v1/", api.urls),
    path("api/v1/<path:rest>", nowhere, name="api_nowhere"),
    path("hooks/payments/<slug:slug>/<slug:provider>/", payment_hook, name="payment_hook"),
    path("hooks/carriers/<slug:slug>/<slug:carrier>/", carrier_hook, name="carrier_hook"),
]
