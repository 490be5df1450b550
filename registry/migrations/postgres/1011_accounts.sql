-- Orders and their decisions are only added to (the same names as in migrations/sqlite).

CREATE TRIGGER credit_order_never_updated BEFORE UPDATE ON credit_order
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_order_never_updated');
CREATE TRIGGER credit_order_never_deleted BEFORE DELETE ON credit_order
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_order_never_deleted');
CREATE TRIGGER credit_order_never_truncated BEFORE TRUNCATE ON credit_order
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('credit_order_never_truncated');
CREATE TRIGGER credit_order_decision_never_updated BEFORE UPDATE ON credit_order_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_order_decision_never_updated');
CREATE TRIGGER credit_order_decision_never_deleted BEFORE DELETE ON credit_order_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change('credit_order_decision_never_deleted');
CREATE TRIGGER credit_order_decision_never_truncated BEFORE TRUNCATE ON credit_order_decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('credit_order_decision_never_truncated');
