"""What kinds of rules, their settings and their conditions are called: one table each."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from rebond.web.ui.words import GRADES, QUESTIONS

KINDS = {
    "window": (N_("Until when"), N_("How long a customer may send something back.")),
    "excluded_goods": (
        N_("Not taken back"),
        N_("Articles that stay sold, with the legal reason for it."),
    ),
    "question": (N_("A question"), N_("Asked in the portal before the request is sent.")),
    "caution": (
        N_("A closer look"),
        N_("What changes where the history of a customer asks for care. Never a refusal."),
    ),
    "evidence": (N_("Photos"), N_("When a photo is needed to decide.")),
    "review_above": (
        N_("A look at valuable returns"),
        N_("Above a value, or for some reasons, a person looks first."),
    ),
    "verdict": (
        N_("Yes, no, or a look"),
        N_("One answer for everything that this rule is about."),
    ),
    "limits": (N_("Many returns"), N_("How many go through by themselves.")),
    "lists": (
        N_("Known customers and articles"),
        N_("Those you trust, and those you would rather look at."),
    ),
    "fee": (N_("A fee"), N_("What you keep from the refund.")),
    "return_cost": (N_("The way back"), N_("Who pays for the parcel.")),
    "methods": (
        N_("How it is sent"),
        N_("The ways back that a customer may choose, and what they cost."),
    ),
    "outcomes": (
        N_("What a customer may choose"),
        N_("Money, credit, a gift card or other goods: in your order."),
    ),
    "refund_by_grade": (
        N_("What is refunded by its condition"),
        N_("The share of the price for each grade of the inspection."),
    ),
    "delivery_costs": (
        N_("The costs of delivery"),
        N_("What it cost to send the order, when all of it comes back."),
    ),
    "release": (N_("When the money goes"), N_("What sets off the refund.")),
    "keep_it": (N_("Keep it"), N_("Small things are refunded and not sent back.")),
    "keep_discount": (
        N_("A discount for keeping it"),
        N_("A part of the price, offered beside the return."),
    ),
    "donate": (
        N_("Give it away"),
        N_("The article goes to a charity instead of back to you."),
    ),
    "gifts": (
        N_("Presents"),
        N_("Who got a present returns it without the buyer. No such rule: not offered."),
    ),
    "no_receipt": (
        N_("Without a receipt"),
        N_("Goods whose sale nobody finds, for store credit. No such rule: not taken."),
    ),
    "routing": (N_("Where parcels go"), N_("Another address than your usual one.")),
    "refund_terms": (
        N_("The usual terms"),
        N_("What holds wherever no other rule says more."),
    ),
}
"""By kind: its title, and when to use it."""

SETTINGS = {
    ("window", "days"): (N_("Days"), N_("Calendar days; the day of the delivery is not counted.")),
    ("window", "starts_at"): (N_("Counted from"), N_("The law counts from the delivery.")),
    ("window", "to_business_day"): (
        N_("A last day at a weekend or on a holiday moves on"),
        N_("To the next working day, as the law does."),
    ),
    ("window", "seasons"): (
        N_("Longer for a season"),
        N_("Presents at Christmas, for example. It only ever gives more time."),
    ),
    ("window", "late"): (N_("After the last day"), N_("What happens to a request that is late.")),
    ("excluded_goods", "categories"): (
        N_("Categories"),
        N_("Not taken back either, beside the articles that you have marked."),
    ),
    ("excluded_goods", "covers"): (
        N_("Which articles"),
        N_("You mark articles as final sale in your shop."),
    ),
    ("excluded_goods", "ground"): (
        N_("The legal reason"),
        N_("Without one, a customer can still withdraw within the legal days."),
    ),
    ("question", "asks"): (N_("The question"), N_("Asked in the customer’s language.")),
    ("question", "no"): (N_("If the answer is no"), N_("A withdrawal may not be declined for it.")),
    ("question", "silence"): (N_("Without an answer"), N_("For returns filed before you asked.")),
    ("caution", "from_level"): (N_("From this level on"), N_("Set under fair use.")),
    ("caution", "photos"): (N_("Photos of faulty articles"), N_("0: none are asked for.")),
    ("caution", "review"): (N_("A person looks first"), N_("The legal days run all the same.")),
    ("caution", "keep_it"): (N_("Small things may be kept"), N_("If another rule allows it.")),
    ("caution", "credit_bonus"): (N_("Bonus on store credit"), N_("If another rule gives one.")),
    ("caution", "pays_after"): (N_("What pays"), N_("Empty: as the other rules say.")),
    ("evidence", "needed_for"): (
        N_("Needed for"),
        N_("Some of your reasons ask for a photo by themselves: damaged, wrong article."),
    ),
    ("evidence", "photos"): (N_("Photos of each article"), N_("From 1 to 10.")),
    ("review_above", "value_minor"): (
        N_("Worth more than"),
        N_("The whole request counts. Empty: whatever it is worth, nobody looks."),
    ),
    ("review_above", "reasons"): (N_("Or for these reasons"), N_("Whatever it is worth.")),
    ("verdict", "say"): (
        N_("The answer"),
        N_("A yes lifts what would only be looked at, never a no."),
    ),
    ("limits", "per_order"): (
        N_("Returns of one order"),
        N_("This one included. Empty: no limit."),
    ),
    ("limits", "per_customer"): (
        N_("Returns of one customer"),
        N_("Within the days below, this one included. Empty: no limit."),
    ),
    ("limits", "days"): (N_("Within days"), N_("How far back the returns of a customer count.")),
    ("limits", "beyond"): (N_("Beyond the limit"), N_("What happens to one return too many.")),
    ("lists", "customers"): (
        N_("Customers"),
        N_("E-mail addresses, one a line. Only a fingerprint of each is kept."),
    ),
    ("lists", "orders"): (N_("Orders"), N_("Order numbers, one a line.")),
    ("lists", "skus"): (N_("Articles"), N_("Stock codes, one a line.")),
    ("lists", "say"): (N_("What happens to them"), N_("A yes lifts what would be looked at.")),
    ("fee", "percent"): (N_("Share of the price"), N_("Kept from each article.")),
    ("fee", "amount_minor"): (N_("Fixed amount"), N_("Kept once for the whole return.")),
    ("fee", "cap_minor"): (N_("At most"), N_("All fees together. Empty: no limit.")),
    ("return_cost", "paid_by"): (
        N_("Paid by"),
        N_("For faulty articles it is always you. Tell your customers before they buy."),
    ),
    ("methods", "allowed"): (
        N_("Allowed, in this order"),
        N_("Who withdraws may always use a carrier of their own: the law says so."),
    ),
    ("methods", "label_fee_minor"): (
        N_("Fee for your label"),
        N_("Kept from the refund where the customer pays the way back; never for faulty articles."),
    ),
    ("methods", "drop_off_fee_minor"): (
        N_("Fee for a drop-off point"),
        N_("The same for a parcel handed in at a point. No more than it costs you."),
    ),
    ("methods", "pickup_fee_minor"): (
        N_("Fee for a pickup at home"),
        N_("The same for a parcel that your carrier picks up. No more than it costs you."),
    ),
    ("outcomes", "offered"): (
        N_("Offered, in this order"),
        N_("Within the legal days money is always offered too."),
    ),
    ("outcomes", "credit_bonus_percent"): (
        N_("Bonus on store credit"),
        N_("On top of the refund, for those who choose credit."),
    ),
    ("outcomes", "credit_bonus_minor"): (
        N_("Amount on top of store credit"),
        N_("Once for each return, and never more than the refund itself."),
    ),
    ("refund_by_grade", "grade_a_percent"): (GRADES["a"], N_("Usually everything.")),
    ("refund_by_grade", "grade_b_percent"): (GRADES["b"], N_("The share that is refunded.")),
    ("refund_by_grade", "grade_c_percent"): (GRADES["c"], N_("The share that is refunded.")),
    ("refund_by_grade", "grade_d_percent"): (GRADES["d"], N_("The share that is refunded.")),
    ("refund_by_grade", "incomplete_percent"): (
        N_("Parts are missing"),
        N_("At most this much is refunded then, whatever the grade."),
    ),
    ("delivery_costs", "refunded"): (
        N_("The delivery is refunded with the whole order"),
        N_("The law wants it for a withdrawal."),
    ),
    ("release", "pays_at"): (
        N_("Refunded"),
        N_("Whatever you choose, the legal day pays at the latest."),
    ),
    ("release", "wait_days"): (N_("Days to wait after that"), N_("0: at once.")),
    ("release", "pays_early_up_to_minor"): (
        N_("Before the inspection only up to"),
        N_("0: any amount. Above it, the inspection comes first."),
    ),
    ("keep_it", "below_minor"): (
        N_("Up to"),
        N_("The whole request counts. 0: everything is sent back."),
    ),
    ("keep_it", "parcel_cost_minor"): (
        N_("What a parcel back costs you"),
        N_("Goods worth less than that stay where they are. Empty: not compared."),
    ),
    ("keep_discount", "percent"): (
        N_("Part of the price"),
        N_("Paid at once; the return stays open. Once for each article."),
    ),
    ("keep_discount", "cap_minor"): (N_("At most"), N_("For each article. Empty: no limit.")),
    ("donate", "charity"): (
        N_("Charity"),
        N_("Its name first, then its address, one line each."),
    ),
    ("donate", "donation_proof"): (
        N_("Before the refund"),
        N_("A proof is looked at by a person, who then refunds."),
    ),
    ("gifts", "proof"): (
        N_("Opened with"),
        N_("The order number, and the code that you print on the gift receipt."),
    ),
    ("gifts", "paid_as"): (N_("What they get"), N_("Sent to their own e-mail address.")),
    ("gifts", "shows_value"): (
        N_("The value is shown beforehand"),
        N_("Otherwise nobody sees a price before the card or the credit is there."),
    ),
    ("no_receipt", "lowest_price_days"): (
        N_("Lowest price of so many days"),
        N_("A piece is worth the least that it was sold for in this time, or costs today."),
    ),
    ("no_receipt", "most_pieces"): (N_("Pieces at a time, at most"), N_("Of one article.")),
    ("no_receipt", "cap_minor"): (
        N_("At most for each customer"),
        N_("What waits for a decision counts as well."),
    ),
    ("no_receipt", "cap_days"): (N_("In so many days"), N_("Counted back from the day itself.")),
    ("no_receipt", "needs_second_person"): (
        N_("A colleague decides"),
        N_("Another person than who filed it. Who decides may refund."),
    ),
    ("routing", "send_to"): (N_("Address"), N_("One line of it a line. Empty: your usual one.")),
    ("refund_terms", "restocking_fee_percent"): (
        N_("Share of the price kept"),
        N_("Never for faulty articles, never from a withdrawal."),
    ),
    ("refund_terms", "refunds_shipping"): (
        N_("The delivery is refunded with the whole order"),
        N_("The law wants it for a withdrawal."),
    ),
    ("refund_terms", "shopper_pays_return"): (
        N_("The customer pays the way back"),
        N_("Not for faulty articles."),
    ),
    ("refund_terms", "pays_at"): (N_("Refunded"), N_("The legal day pays at the latest.")),
    ("refund_terms", "pays_early_up_to_minor"): (
        N_("Before the inspection only up to"),
        N_("0: any amount. Above it, the inspection comes first."),
    ),
}
"""By kind and setting: the label of its field, and a sentence that helps."""

RARE = frozenset(
    {
        ("window", "to_business_day"),
        ("window", "seasons"),
        ("window", "late"),
        ("excluded_goods", "categories"),
        ("question", "silence"),
        ("review_above", "reasons"),
        ("limits", "days"),
        ("lists", "orders"),
        ("lists", "skus"),
        ("fee", "cap_minor"),
        ("release", "wait_days"),
        ("refund_terms", "restocking_fee_percent"),
        ("refund_terms", "pays_early_up_to_minor"),
    }
)
"""Settings that most shops leave alone: folded away."""

CONDITIONS = {
    "categories": (N_("Category"), N_("One a line, as in your shop.")),
    "skus": (N_("Articles"), N_("Stock codes, one a line.")),
    "tags": (N_("Tags of the article"), N_("One a line: your own words on a product.")),
    "reasons": (N_("Reason"), N_("Why the customer sends it back.")),
    "outcomes": (N_("What the customer wishes"), N_("As chosen in the portal.")),
    "grounds": (N_("On which ground"), N_("Your own promise begins where the law ends.")),
    "fault": (N_("Whose fault"), N_("Damaged, faulty or not what was ordered is yours.")),
    "min_value_minor": (N_("Article worth at least"), N_("All pieces of it that come back.")),
    "max_value_minor": (N_("Article worth at most"), N_("All pieces of it that come back.")),
    "min_request_minor": (N_("Return worth at least"), N_("Everything that comes back.")),
    "max_request_minor": (N_("Return worth at most"), N_("Everything that comes back.")),
    "countries": (
        N_("Country"),
        N_("Two letters each, one a line: FR, BE. EU stands for the whole Union."),
    ),
    "customers": (N_("Private or business"), N_("Who bought.")),
    "customer_tags": (N_("Tags of the customer"), N_("One a line, as in your shop.")),
    "channels": (N_("Where it was bought"), N_("One a line: web, shop, a marketplace.")),
    "ordered_from": (N_("Ordered from"), N_("This day included.")),
    "ordered_to": (N_("Ordered until"), N_("This day included.")),
    "asked_from": (N_("Requested from"), N_("This day included.")),
    "asked_to": (N_("Requested until"), N_("This day included.")),
}
"""By condition: the label of its field, and a sentence that helps."""

HELD = {
    "categories": N_("the category is {values}"),
    "skus": N_("the article is {values}"),
    "tags": N_("the article is tagged {values}"),
    "reasons": N_("the reason is {values}"),
    "outcomes": N_("the customer wishes {values}"),
    "grounds": N_("it rests on {values}"),
    "fault": "{values}",
    "min_value_minor": N_("the article is worth {values} or more"),
    "max_value_minor": N_("the article is worth {values} or less"),
    "min_request_minor": N_("the return is worth {values} or more"),
    "max_request_minor": N_("the return is worth {values} or less"),
    "countries": N_("it went to: {values}"),
    "customers": N_("the customer is {values}"),
    "customer_tags": N_("the customer is tagged {values}"),
    "channels": N_("it was bought through {values}"),
    "ordered_from": N_("it was ordered on {values} or later"),
    "ordered_to": N_("it was ordered on {values} or earlier"),
    "asked_from": N_("it is requested on {values} or later"),
    "asked_to": N_("it is requested on {values} or earlier"),
}
"""By condition: how it reads in a sentence."""

ANSWERS = {
    "approve": N_("is accepted"),
    "review": N_("is looked at by a person"),
    "decline": N_("is declined"),
}
PAID_AT = {
    "approval": N_("as soon as it is accepted"),
    "scan": N_("at the carrier’s first scan"),
    "delivery": N_("when the carrier has delivered it"),
    "receipt": N_("when the parcel is there"),
    "inspection": N_("after the inspection"),
}
WISHES = {
    "refund": N_("money back"),
    "store_credit": N_("store credit"),
    "gift_card": N_("a gift card"),
    "exchange": N_("another size or colour"),
    "replacement": N_("the same article again"),
    "repair": N_("a repair of a faulty article"),
}
WAYS_BACK = {
    "own_carrier": N_("a carrier of their own"),
    "prepaid_label": N_("your prepaid label"),
    "drop_off": N_("a drop-off point, with your label"),
    "pickup": N_("a pickup at home by your carrier"),
    "counter": N_("your shop’s counter"),
}
CHOICES: dict[str, dict[str, str]] = {
    "starts_at": {
        "delivery": N_("the delivery"),
        "dispatch": N_("the dispatch"),
        "order": N_("the order"),
    },
    "late": ANSWERS,
    "covers": {
        "marked": N_("those you have marked as final sale"),
        "all": N_("all that this rule is about"),
    },
    "ground": {
        "": N_("none"),
        "market_priced": N_("its price follows a financial market"),
        "personalised": N_("made especially for the customer"),
        "perishable": N_("does not keep for long"),
        "hygiene": N_("hygiene, once the seal is broken"),
        "mixed": N_("mixed with something else"),
        "sealed_media": N_("music, films or software, once unsealed"),
        "press": N_("newspapers and magazines"),
    },
    "asks": QUESTIONS,
    "no": ANSWERS,
    "silence": ANSWERS,
    "needed_for": {
        "marked": N_("reasons that ask for one"),
        "all": N_("all that this rule is about"),
    },
    "say": ANSWERS,
    "beyond": ANSWERS,
    "proof": {
        "code": N_("the gift code"),
        "code_or_postcode": N_("the gift code or the postcode of the delivery"),
    },
    "donation_proof": {
        "none": N_("no proof: the refund goes once the return is accepted"),
        "word": N_("a word from the customer"),
        "photo": N_("a photo of the charity’s receipt"),
    },
    "paid_as": {"gift_card": N_("a gift card"), "store_credit": N_("store credit")},
    "paid_by": {"shopper": N_("the customer"), "shop": N_("you")},
    "pays_at": PAID_AT,
    "pays_after": {"": "–", **PAID_AT},
    "from_level": {"look": N_("Worth a look"), "careful": N_("Look carefully")},
    "offered": WISHES,
    "allowed": WAYS_BACK,
    "outcomes": WISHES,
    "grounds": {
        "statutory_withdrawal": N_("the right to withdraw"),
        "legal_guarantee": N_("the legal guarantee"),
        "transport_damage": N_("damage on the way"),
        "hidden_defect": N_("a hidden fault after the guarantee"),
        "commercial_return": N_("your own promise only"),
    },
    "fault": {
        "": "–",
        "ours": N_("something is wrong with it"),
        "not_ours": N_("nothing is wrong with it"),
    },
    "customers": {
        "": "–",
        "consumer": N_("a private person"),
        "business": N_("a business"),
    },
}
"""By setting or condition with a choice: the words for each value."""

FIXES = {
    "window_too_short": N_("Give at least {legal_days} days, counted from the delivery."),
    "window_starts_early": N_("Nothing has to change: the legal day is kept for you."),
    "no_legal_exclusion": N_("Choose the legal reason, or take the rule out."),
    "fee_on_withdrawal": N_("Add “only when: your own promise only”, or set it to 0."),
    "flat_fee_on_withdrawal": N_("Add “only when: your own promise only”, or set it to 0."),
    "delivery_not_refunded": N_("Tick that the delivery is refunded."),
    "credit_only": N_("Offer money back too."),
    "exchange_only": N_("Offer money back too."),
    "loss_is_a_claim": N_("Nothing has to change: the share is proposed, a person decides."),
    "defects_in_full": N_("Add “unless: something is wrong with it”, or take the rule out."),
    "guarantee_stays": N_("Nothing to change: it is only offered, and never takes a right away."),
    "money_comes_first": N_("Put money back before store credit to be on the safe side."),
    "release_too_late": N_("Wait {legal_days} days at most."),
    "legal_day_pays": N_("Nothing has to change: the legal day is kept for you."),
    "return_cost_of_defects": N_("Let the shop pay when something is wrong with the article."),
    "own_way_stays_open": N_("Nothing has to change: that way is kept open for you."),
    "tell_return_cost": N_("Write it into your terms of sale, and where people order."),
    "condition_on_withdrawal": N_("Choose “is looked at by a person” instead."),
    "withdrawal_refused": N_("Choose “is looked at by a person”, or only for your own promise."),
    "defect_refused": N_("Add “unless: something is wrong with it”."),
    "photo_of_withdrawal": N_("Add “only when: something is wrong with it”."),
}
"""By conflict with the law: what to change."""

PRESET_WORDS = {
    "generous": (
        N_("For any shop"),
        N_("30 days, refunded after the inspection. Little to explain, hard to get wrong."),
    ),
    "fashion": (
        N_("Fashion, generous"),
        N_(
            "60 days, at Christmas until 31 January; a free way back, refunded when the parcel "
            "is here; 10 % more as store credit."
        ),
    ),
    "electronics": (
        N_("Electronics"),
        N_("30 days, all parts there, a fee after the legal days, unsealed software stays sold."),
    ),
    "hygiene": (
        N_("Cosmetics and hygiene"),
        N_("30 days while the seal is intact; small faulty things are not sent back."),
    ),
    "furniture": (
        N_("Furniture"),
        N_("You arrange every return; photos of damage, a collection fee after the legal days."),
    ),
    "food": (
        N_("Food"),
        N_("14 days; fresh and opened food stays sold; nothing spoilt has to be sent back."),
    ),
    "made_to_measure": (
        N_("Made to measure"),
        N_("What was made for one customer stays sold; stock articles have 30 days."),
    ),
    "b2b": (
        N_("Businesses too"),
        N_("14 days for private customers; for firms 30 days, arranged by you, with a fee."),
    ),
}
"""By preset: its name, and a sentence on it."""

RULE_NAMES = {
    "14 days": N_("14 days"),
    "30 days": N_("30 days"),
    "60 days": N_("60 days"),
    "a photo": N_("a photo"),
    "all parts": N_("all parts"),
    "another size, money or credit": N_("another size, money or credit"),
    "arranged": N_("arranged"),
    "consumers": N_("consumers"),
    "delivery": N_("delivery"),
    "every return is arranged": N_("every return is arranged"),
    "fee after the legal days": N_("fee after the legal days"),
    "firms": N_("firms"),
    "free way back": N_("free way back"),
    "fresh food": N_("fresh food"),
    "labels": N_("labels"),
    "made for you": N_("made for you"),
    "marked goods": N_("marked goods"),
    "nothing spoilt is sent": N_("nothing spoilt is sent"),
    "opened articles": N_("opened articles"),
    "opened food": N_("opened food"),
    "packaging": N_("packaging"),
    "payout": N_("payout"),
    "photos": N_("photos"),
    "photos of damage": N_("photos of damage"),
    "restocking": N_("restocking"),
    "small things": N_("small things"),
    "the rest": N_("the rest"),
    "unsealed software and media": N_("unsealed software and media"),
    "valuable": N_("valuable"),
    "way back": N_("way back"),
    "worn underwear and swimwear": N_("worn underwear and swimwear"),
}
"""By the name of a rule in a preset: the same, to be said in the reader’s language."""
