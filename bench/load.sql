-- A synthetic firm: ten years of invoices, a weekly payment run, some goods that wait for their invoice and some
-- advances. Every law of ledger.verification holds. Parameters: invoices, customers, today, never (the share of the
-- invoices that nobody ever pays), history (the share of the closed invoices that is kept, the latest first).
SELECT setseed(0.42);

INSERT INTO customers_user (
    id, username, password, first_name, last_name, email, role, language,
    is_superuser, is_staff, is_active, date_joined
)
SELECT n, CASE WHEN n > 50 THEN 'finance' ELSE 'sales' || n END, '!', 'N. ' || n, 'Salesperson', '',
    CASE WHEN n > 50 THEN 'finance' ELSE 'salesperson' END, 'en', FALSE, FALSE, TRUE, now()
FROM generate_series(1, 51) n;

INSERT INTO customers_customer (
    id, code, name, initials, pinyin, region, currency, terms_kind, terms_days, key_account, tax_id, created_at, owner_id, parent_id
)
SELECT n, 'C' || to_char(n, 'FM00000'), 'Customer ' || n || ' Trading Co., Ltd.', '', '', 'Region ' || n %% 8, 'CNY', 'net',
    30 + 30 * (n %% 3), n %% 20 = 0, '', now(), 1 + n %% 50, CASE WHEN n %% 50 = 0 THEN n - 1 END
FROM generate_series(1, %(customers)s) n;

INSERT INTO ledger_posting (id, key, act, digest, by_id, note, recorded_at)
-- A month ago: what changed since yesterday is not all there is.
VALUES (1, gen_random_uuid(), 'import', '', 51, '', now() - INTERVAL '30 days');

-- What is drawn by lot for each invoice. A few customers are large, most are small.
CREATE TEMP TABLE lot AS
SELECT i,
    1 + floor(%(customers)s * power(random(), 2))::bigint AS customer_id,
    %(today)s::date - 3652 + ((i - 1) * 3653 / %(invoices)s)::int AS date,
    10000 + floor(4990000 * power(random(), 3))::bigint AS amount,
    random() < 0.5 AS in_parts,
    0.2 + 0.6 * random() AS first_share,
    (CASE WHEN random() < 0.08 THEN 15 + 300 * random() ELSE 5 + 60 * random() END)::int AS delay,
    (5 + 30 * random())::int AS second_delay,
    random() < %(never)s AS is_never_paid,
    random() < 0.3 AS first_part_is_paid,
    random() < 0.1 AS ships_first,
    random() AS way
FROM generate_series(1::bigint, %(invoices)s) i;

-- The days on which each part is paid: the Friday after the delay; null where that day is still to come.
CREATE TEMP TABLE invoice AS
SELECT lot.*,
    date + 30 + 30 * (customer_id %% 3)::int AS due_date,
    CASE WHEN in_parts THEN floor(amount * first_share)::bigint ELSE amount END AS first_amount,
    CASE WHEN first_run <= %(today)s AND (NOT is_never_paid OR in_parts AND first_part_is_paid)
        THEN first_run END AS first_paid,
    CASE WHEN second_run <= %(today)s AND in_parts AND NOT is_never_paid THEN second_run END AS second_paid
FROM lot,
    LATERAL (SELECT date + delay AS ready, date + delay + second_delay AS second_ready) days,
    LATERAL (SELECT ready + (7 - (ready - DATE '2000-01-07') %% 7) %% 7 AS first_run,
        second_ready + (7 - (second_ready - DATE '2000-01-07') %% 7) %% 7 AS second_run) runs;
ALTER TABLE invoice ADD COLUMN closed_on date;
UPDATE invoice SET closed_on = CASE WHEN in_parts THEN second_paid ELSE first_paid END;
DELETE FROM invoice WHERE %(history)s < 1 AND closed_on IS NOT NULL AND i <= (
    SELECT percentile_disc(1 - %(history)s) WITHIN GROUP (ORDER BY i) FROM invoice WHERE closed_on IS NOT NULL
);

CREATE TEMP TABLE part AS
SELECT i, customer_id, first_paid AS paid_on, first_amount AS amount FROM invoice WHERE first_paid IS NOT NULL
UNION ALL
SELECT i, customer_id, second_paid, amount - first_amount FROM invoice WHERE second_paid IS NOT NULL;

CREATE TEMP TABLE run AS
SELECT row_number() OVER (ORDER BY paid_on, customer_id) AS p, customer_id, paid_on, sum(amount)::bigint AS amount
FROM part GROUP BY customer_id, paid_on;

-- Every entry in the order in which a firm records them. `source` is its key among its like.
CREATE TEMP TABLE book AS
SELECT row_number() OVER (ORDER BY date, kind DESC, source) AS id, entries.*
FROM (
    SELECT 'shipment' AS kind, i AS source, 1 AS side, customer_id, date, due_date, amount,
        amount AS document_amount, 0::bigint AS open_amount, date AS closed_on
    FROM invoice WHERE ships_first
    UNION ALL
    SELECT 'shipment', -n, 1, 1 + (n * 7919) %% %(customers)s, day, day + 60, amount, amount, amount, NULL
    FROM generate_series(1::bigint, %(invoices)s / 500) n,
        LATERAL (SELECT %(today)s::date - (n %% 90)::int AS day, 50000 + (n * 104729) %% 1000000 AS amount) goods
    UNION ALL
    SELECT 'invoice', i, 1, customer_id, date, due_date, CASE WHEN ships_first THEN 0 ELSE amount END, amount,
        amount - CASE WHEN first_paid IS NULL THEN 0 ELSE first_amount END
            - CASE WHEN second_paid IS NULL THEN 0 ELSE amount - first_amount END, closed_on
    FROM invoice
    UNION ALL
    SELECT 'payment', p, -1, customer_id, paid_on, NULL, -amount, -amount, 0, paid_on FROM run
    UNION ALL
    SELECT 'payment', -n, -1, 1 + (n * 7907) %% %(customers)s, day, NULL, amount, amount, amount, NULL
    FROM generate_series(1::bigint, %(invoices)s / 1000) n,
        LATERAL (SELECT %(today)s::date - (n %% 120)::int AS day, -20000 - (n * 15485863) %% 500000 AS amount) advance
) entries;
CREATE INDEX ON book (kind, source);
ANALYZE book;

INSERT INTO ledger_entry (
    id, kind, side, number, instalment, date, due_date, currency, amount, document_amount, open_amount, closed_on,
    confirmed_on, memo, recorded_at, customer_id, salesperson_id, posting_id
)
SELECT id, kind, side, upper(left(kind, 3)) || '-' || CASE WHEN source < 0 THEN 'X' ELSE '' END || abs(source), 1,
    date, due_date, 'CNY', amount, document_amount, open_amount, closed_on,
    CASE WHEN kind IN ('shipment', 'payment') AND date < %(today)s::date - 10 AND id %% 200 <> 0 THEN date + 5 END,
    '', date + INTERVAL '10 hours', customer_id,
    -- Every tenth customer was handed over a year ago.
    1 + (customer_id + CASE WHEN customer_id %% 10 = 0 AND date < %(today)s::date - 365 THEN 7 ELSE 0 END) %% 50, 1
FROM book ORDER BY id;

INSERT INTO ledger_shipment (entry_id, delivered_on) SELECT id, date FROM book WHERE kind = 'shipment' ORDER BY id;

INSERT INTO ledger_payment (entry_id, method, bank_reference)
SELECT id, 'transfer', 'B' || id FROM book WHERE kind = 'payment' ORDER BY id;

-- What is older than two months has reached the customer's books; of the rest some stand still on their way.
INSERT INTO ledger_invoice (entry_id, kind, tax, sent_on, received_on, booked_on)
SELECT b.id, 'special', b.document_amount * 13 / 113,
    CASE WHEN is_old OR way >= 0.05 THEN least(b.date + 1, %(today)s) END,
    CASE WHEN is_old OR way >= 0.12 THEN least(b.date + 4, %(today)s) END,
    CASE WHEN is_old OR way >= 0.25 THEN least(b.date + 10, %(today)s) END
FROM book b JOIN invoice ON i = source, LATERAL (SELECT b.date < %(today)s::date - 60 AS is_old) age
WHERE b.kind = 'invoice' ORDER BY b.id;

INSERT INTO ledger_billing (posting_id, customer_id, invoice_id, shipment_id, amount, date, recorded_at)
SELECT 1, b.customer_id, b.id, g.id, b.document_amount, b.date, b.date + INTERVAL '10 hours'
FROM book b JOIN book g ON g.kind = 'shipment' AND g.source = b.source
WHERE b.kind = 'invoice' ORDER BY b.id;

INSERT INTO ledger_allocation (posting_id, customer_id, from_entry_id, to_entry_id, amount, date, recorded_at)
SELECT 1, customer_id, from_entry, to_entry, amount, date, date + INTERVAL '10 hours'
FROM (
    SELECT b.customer_id, g.id AS from_entry, b.id AS to_entry, b.document_amount AS amount, b.date
    FROM book b JOIN book g ON g.kind = 'shipment' AND g.source = b.source
    WHERE b.kind = 'invoice'
    UNION ALL
    SELECT b.customer_id, payment.id, b.id, -part.amount, part.paid_on
    FROM part
    JOIN book b ON b.kind = 'invoice' AND b.source = part.i
    JOIN run ON run.customer_id = part.customer_id AND run.paid_on = part.paid_on
    JOIN book payment ON payment.kind = 'payment' AND payment.source = run.p
) movements
ORDER BY date, to_entry;

-- Finance has confirmed what is older than ten days, but for one in two hundred; each five days after its date.
INSERT INTO ledger_confirmation (entry_id, is_confirmed, date, note, by_id, recorded_at)
SELECT id, TRUE, confirmed_on, '', 51, confirmed_on + INTERVAL '10 hours'
FROM ledger_entry WHERE confirmed_on IS NOT NULL ORDER BY id;

SELECT setval(pg_get_serial_sequence(name, 'id'), GREATEST(highest, 1))
FROM (
    SELECT 'customers_user' AS name, max(id) AS highest FROM customers_user
    UNION ALL SELECT 'customers_customer', max(id) FROM customers_customer
    UNION ALL SELECT 'ledger_posting', max(id) FROM ledger_posting
    UNION ALL SELECT 'ledger_entry', max(id) FROM ledger_entry
) sequences;

DROP TABLE lot, invoice, part, run, book;
