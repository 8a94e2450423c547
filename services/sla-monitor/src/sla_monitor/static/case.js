import { countdowns } from "/static/live.js";

countdowns(document);
