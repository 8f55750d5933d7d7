-- The rooms of a new house. Written once; what is changed later stays changed.

INSERT INTO rooms (slug, name, about, topic, position) VALUES
    ('lounge', 'Lounge', 'For anything, at any hour', 'Come in as you are. Nobody has to have an answer, or a reason to be here.', 1),
    ('pump-together', 'Pump together', 'Company while the pump runs', 'We pump at the same time and keep each other company. No amounts, please: somebody here may have none yet.', 2),
    ('night-feeds', 'Night feeds', 'For those who are up anyway', 'For the hours when everybody else sleeps. Short lines are fine, and so is just being here.', 3);

--bun:split

INSERT INTO room_counters (room_id) SELECT id FROM rooms;
