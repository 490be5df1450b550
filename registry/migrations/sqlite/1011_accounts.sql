-- Orders and their decisions are only added to (the same names as in migrations/postgres).

CREATE TRIGGER credit_order_never_updated BEFORE UPDATE ON credit_order
BEGIN SELECT RAISE(ABORT, 'credit_order_never_updated'); END;
CREATE TRIGGER credit_order_never_deleted BEFORE DELETE ON credit_order
BEGIN SELECT RAISE(ABORT, 'credit_order_never_deleted'); END;
CREATE TRIGGER credit_order_never_replaced BEFORE INSERT ON credit_order
WHEN EXISTS (SELECT 1 FROM credit_order WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'credit_order_never_replaced'); END;
CREATE TRIGGER credit_order_decision_never_updated BEFORE UPDATE ON credit_order_decision
BEGIN SELECT RAISE(ABORT, 'credit_order_decision_never_updated'); END;
CREATE TRIGGER credit_order_decision_never_deleted BEFORE DELETE ON credit_order_decision
BEGIN SELECT RAISE(ABORT, 'credit_order_decision_never_deleted'); END;
CREATE TRIGGER credit_order_decision_never_replaced BEFORE INSERT ON credit_order_decision
WHEN EXISTS (SELECT 1 FROM credit_order_decision WHERE order_id = NEW.order_id)
BEGIN SELECT RAISE(ABORT, 'credit_order_decision_never_replaced'); END;
