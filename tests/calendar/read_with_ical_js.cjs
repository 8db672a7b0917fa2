// Reads a calendar from standard input with ical.js, only by the time zones that stand in it, and prints its events.
const fs = require("node:fs");
const ICAL = require(process.argv[2]);
const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(0, "utf-8")));
const zones = new Map(calendar.getAllSubcomponents("vtimezone").map((zone) => {
  const found = new ICAL.Timezone(zone);
  return [found.tzid, found];
}));
const moment = (event, name) => {
  const property = event.getFirstProperty(name);
  const time = property.getFirstValue();
  const tzid = property.getParameter("tzid");
  if (tzid) time.zone = zones.get(tzid);
  return {wall: time.toString(), utc: new Date(time.toUnixTime() * 1000).toISOString()};
};
const events = calendar.getAllSubcomponents("vevent").map((event) => ({
  uid: event.getFirstPropertyValue("uid"),
  summary: event.getFirstPropertyValue("summary"),
  description: event.getFirstPropertyValue("description"),
  sequence: event.getFirstPropertyValue("sequence"),
  starts: moment(event, "dtstart"),
  ends: moment(event, "dtend"),
}));
process.stdout.write(JSON.stringify(events));
