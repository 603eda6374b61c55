-- For one step where strangers have filled a mailbox: deciding about one letter must not read all that they sent.

-- Leads whose mailbox was proved, by a confirmation or a renewal: the place of their submission among all records.
ALTER TABLE leads ADD COLUMN proved INTEGER;
UPDATE leads SET proved = (SELECT sequence FROM records WHERE id = leads.record)
    WHERE EXISTS (SELECT 1 FROM records WHERE chain = leads.record AND event IN ('confirmation', 'renewal'));
CREATE INDEX leads_proved ON leads (person, proved) WHERE proved IS NOT NULL;
CREATE TRIGGER leads_prove AFTER INSERT ON records WHEN NEW.event IN ('confirmation', 'renewal')
BEGIN
    UPDATE leads SET proved = (SELECT sequence FROM records WHERE id = NEW.chain) WHERE record = NEW.chain;
END;

CREATE INDEX outbox_asked ON outbox (person, sent_ms) WHERE asked = 1;
