// Expands a calendar from standard input with ical.js (Thunderbird's reader), and prints what takes place when.
const fs = require("node:fs");
const ICAL = require(process.argv[2]);
const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(0, "utf-8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(new ICAL.Timezone(zone));
}
const utc = (time) => (time.isDate ? time.toString() : new Date(time.toUnixTime() * 1000).toISOString());
const told = [];
const tell = (item, start, end) => told.push({summary: item.summary, starts: utc(start), ends: utc(end)});
const events = calendar.getAllSubcomponents("vevent").map((each) => new ICAL.Event(each));
for (const event of events.filter((each) => !each.isRecurrenceException())) {
  for (const other of events) {
    if (other.isRecurrenceException() && other.uid === event.uid) event.relateException(other);
  }
  if (!event.isRecurring()) {
    tell(event, event.startDate, event.endDate);
    continue;
  }
  const iterator = event.iterator();
  for (let next = iterator.next(); next; next = iterator.next()) {
    const details = event.getOccurrenceDetails(next);
    tell(details.item, details.startDate, details.endDate);
  }
}
process.stdout.write(JSON.stringify(told));
