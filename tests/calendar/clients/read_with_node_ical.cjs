// Fetches the calendar at an address with node-ical, as home automation and dashboards do, and prints its events.
const ical = require(process.argv[2]);
const utc = (date) => date.toISOString().replace(/[-:]|\.000/g, "");
ical.async.fromURL(process.argv[3]).then((calendar) => {
  const events = Object.values(calendar).filter((part) => part.type === "VEVENT");
  process.stdout.write(JSON.stringify(events.map((event) => ({
    title: event.summary,
    starts: utc(event.start),
    ends: utc(event.end),
    purpose: event.description || "",
    place: event.location || "",
    cancelled: event.status === "CANCELLED",
  }))));
}).catch((error) => { console.error(String(error)); process.exit(1); });
