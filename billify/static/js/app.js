/* Everything here makes a working page pleasanter; none of it is needed to get the work done. */
import "./busy.js";
import "./live.js";
import "./toast-note.js";
import "./theme-switch.js";
import "./command-palette.js";
import "./list-keys.js";
import "./file-drop.js";
import "./page-viewer.js";
import "./word-picker.js";
import "./check-keys.js";
import "./line-editor.js";
import "./contact-picker.js";
import "./budget-table.js";
import "./chart-days.js";
import "./day-drag.js";
