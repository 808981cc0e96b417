// The script of every page: small topics, each of which looks for its own marks in the page.
import "./requests.js";
import "./sheets.js";
import "./toasts.js";
import "./keyboard.js";
import "./search.js";
import "./theme.js";
import "./selection.js";
import "./weights.js";
import "./files.js";
import "./copy.js";
import "./sums.js";
import "./current.js";
import "./chart_loader.js";
