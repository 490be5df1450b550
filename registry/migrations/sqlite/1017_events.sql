-- Footprints and published versions of events are only added to (the same names as in migrations/postgres).

CREATE TRIGGER event_footprint_never_updated BEFORE UPDATE ON event_footprint
BEGIN SELECT RAISE(ABORT, 'event_footprint_never_updated'); END;
CREATE TRIGGER event_footprint_never_deleted BEFORE DELETE ON event_footprint
BEGIN SELECT RAISE(ABORT, 'event_footprint_never_deleted'); END;
CREATE TRIGGER event_footprint_never_replaced BEFORE INSERT ON event_footprint
WHEN EXISTS (SELECT 1 FROM event_footprint WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'event_footprint_never_replaced'); END;
CREATE TRIGGER event_version_never_updated BEFORE UPDATE ON event_version
BEGIN SELECT RAISE(ABORT, 'event_version_never_updated'); END;
CREATE TRIGGER event_version_never_deleted BEFORE DELETE ON event_version
BEGIN SELECT RAISE(ABORT, 'event_version_never_deleted'); END;
CREATE TRIGGER event_version_never_replaced BEFORE INSERT ON event_version
WHEN EXISTS (SELECT 1 FROM event_version WHERE event_id = NEW.event_id AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'event_version_never_replaced'); END;
