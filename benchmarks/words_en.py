"""English wording of the generated minutes, the counterpart of :mod:`benchmarks.words_ja`."""

TOPIC_HEADS = """
inventory order purchase billing contract maintenance delivery
quality process cost shipping inspection drawing document payment budget attendance staffing equipment logistics
warehouse customer project parts materials printing image network power lighting cleaning security vehicle fuel
temperature energy remote site factory store export customs credit receivables closing audit approval access
identity device copier server storage wireless accounting payroll hiring training safety advertising exhibition
member booking returns repair calibration tooling cutting welding painting casting moulding assembly packing recipe
freezer patient student library construction survey tenant harvest
"""

TOPIC_TAILS = """
management system workflow list plan records handling integration visibility automation standards digitisation
outsourcing review schedule manual ledger data reports screens terminals machines sensors tools app service support
desk team costs pricing hours errors delays backlog losses history analysis forecast alerts search matching
registration updates migration handover monitoring checks requests approvals sharing targets
"""

TERMS = """
lease renewal quotation proposal specification requirement rollout pilot payback discount warranty downtime backup
licence subscription invoice purchase-order deadline forecast pipeline objection champion decision-maker stakeholder
procurement compliance audit latency uptime encryption single-sign-on firewall spreadsheet barcode scanner handheld
printer toner spare-parts lead-time throughput yield changeover traceability tolerance accuracy noise dust voltage
floor-load onboarding training helpdesk on-site remote demo sample reference case-study benchmark comparison
shortlist tender framework-agreement non-disclosure payment-terms credit-limit subsidiary headquarters
reorganisation relocation merger headcount overtime shortage inflation exchange-rate subsidy depreciation API SaaS
ERP CRM MES WMS OCR RPA IoT PoC KPI ROI SLA RFP VPN UPS
"""

DEPARTMENTS = """
Purchasing IT Finance Operations Production Quality Sales Logistics HR Engineering Facilities Legal Planning
Maintenance R&D Compliance
"""

TITLES = """
Manager Director Head CFO CIO President Supervisor Engineer Buyer Controller
"""

PLACES = """
headquarters plant-1 plant-2 the-warehouse Osaka Nagoya Fukuoka Sendai Singapore Bangkok Hanoi Munich Leeds Chicago
the-annex the-loading-bay the-test-line
"""

PRODUCT_HEADS = """
Neo Aqua Link Sefi Ort Lumi Calmo Vel Node Mira Paleo Solte Philo Cube Rapi Elm Corna Zeph Signa Harmo Libero Takt
Chroma
"""

PRODUCT_TAILS = """
Scan Drive Port Flow Keeper Line Gate View Box Sense Meter Lock Press Mill Pump Filter Panel Rack Lift Board Tag
Reader Core
"""

CODE_HEADS = """
AKG MX T ZR PB KL QS HD VX NR FS BT CW EL GT JP RX SD UL YM
"""

SYSTEMS = """
the legacy ERP
a shared spreadsheet
an in-house database
paper forms
the parent company's platform
Stockherd
Ledgerleaf
Planmoor
"""

RIVALS = """
Nortea
Serios Densan
Octofeel
Lumina Kiko
Toen Systems
Canaris
Valmo
Parma Joho
"""

DEAL_OBJECTS = """
copier ERP inventory-system HVAC lighting inspection-line packaging-machine time-clock phone-system cameras
access-control server wireless racking forklift label-printer document-archive drawing-management
production-planning accounting web-shop training support-contract cold-storage
"""

DEAL_VERBS = """
replacement rollout renewal expansion upgrade pilot phase-2 relocation consolidation
"""

LOSS_REASONS = """
price no_decision timing relationship feature no_budget other
"""

FACTS = """
{person} explained how {topic} works today; they run it on {system}.
{topic} takes {hours} hours a month and ties up {count} people.
We demonstrated {product} to {count} people from {dept}.
The installed unit is {code}: {count} at {place}, {count} at {place}.
"If the {term} is settled we can decide this fiscal year," said {person}.
Our quotation stands at {money}; they asked for {percent} off.
{rival} has also made an offer of about {money}.
The lease ends in {when}, so the {term} has to be fixed before that.
{dept} and {dept} see the {term} differently.
The budget is {money} and goes to the board in {when}.
{code} will get no spare parts after {when}.
{person} wants a reference customer of similar size for {topic}.
Last year {count} requests for {topic} were made and {count} came back.
They use {rival}'s {product}; the complaint is {term}.
A power cut at {place} stopped the line for {hours} hours.
The contract renews automatically in {when}; notice is {count} months.
{dept} has a new contact, {person}; the predecessor moved to {dept}.
Payment terms are end of month plus 30 days.
{topic} can be exported from {system} as CSV.
{person} worries about security, above all the {term}.
A pilot of {product} will run for {count} weeks at {place}.
Users complained {count} times that the {topic} screen is hard to read.
The requirement list has {count} items, {count} of them mandatory.
{person} asked for a revised offer: {count} x {code} and {count} x {code}.
The {term} was postponed because {topic} comes first.
They would sign this week at {money}.
"""

READINGS = """
Nothing moves until the {term} is decided.
{person} is on our side, but {dept} decides.
The worry is {term} rather than price; a reference should help.
{rival} will compete on price, so we should stress {topic}.
Miss {when} and we wait another year.
Likelihood about {percent}, depending on {person}.
If {system} stays, integration with {product} is the deciding point.
The shop floor suffers but management has not seen the figures for {topic}.
Starting at {place} and extending later looks natural.
{money} fits the department head's limit, so we stay below it.
"""

ACTIONS = """
Next meeting in {when} at {place}, agenda: {term}.
Rework the quotation with {money} as the ceiling.
Ask {person} to join the talk with {dept}.
Collect {count} references for {term} before the next visit.
"""

TODOS = """
Write the proposal
Send the quotation
Send material on {term}
Arrange a demo of {product}
Call {person}
Check the stock of {code}
Prepare a comparison with {rival}
Schedule a visit to {dept}
Estimate the effect on {topic}
Ask legal about the contract draft
Get approval for the discount
Plan the pilot at {place}
Confirm the lead time
Find out who signs
Ask why we lost
Update the handover page
"""

CONSULTS = """
May we give {percent} off?
{rival} went down to {money}; how far do we follow?
"""

TEAM = """
{count} visits this month, {percent} of the target.
{count} deals are stuck; the reason is {term}.
{rival}'s price cut came up at {count} customers.
Collect {count} case studies on {topic} by next month.
{count} lost deals, mostly because of {term}.
"""

JOTS = """
{person} rang about the {term}, call back
{product} gets dearer from {when}
Send the {topic} article to {person}
second enquiry about {code}
"""

LEARNED = """
decision maker={person}
lease end={month}
fiscal year end={month}
budget={money}
competitor={rival}
current model={code}
users={count}
go-live={month}
pain={topic}
sites={count}
"""

STAGES = """
Lead Approach Hearing Proposal Quote Closing Won Lost
"""

CHANNELS = """
visit online phone email
"""

TEAM_TITLES = """
Monthly sales meeting
Weekly deal review
Product training
Lost deal review
"""

SOURCES = """
exhibition referral website cold-call seminar
"""

HEADINGS = {
    "facts": "Facts",
    "details": "Details",
    "readings": "Interpretation",
    "actions": "Actions",
    "consult": "Consultation",
    "overview": "Overview",
    "people": "Organisation and key people",
    "history": "History",
    "cautions": "Cautions",
    "kpi": "KPI",
    "progress": "Progress",
    "measures": "Measures",
    "jots": "Jottings",
}

KEYS = {"deal": "opportunity", "owner": "rep", "amount": "value"}
"""Front matter keys of the reps who have their own words."""
