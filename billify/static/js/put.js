/* Write a value into a field as if it were typed, so that Ctrl+Z undoes it and everyone hears of it. */
export const put = (field, value) => {
  if (!field) return;
  field.focus({ preventScroll: true });
  if (field.matches("select")) {
    if ([...field.options].some((option) => option.value === value)) field.value = value;
  } else {
    field.select();
    // Old, yet the only way that keeps the browser's own undo.
    if (!document.execCommand(value ? "insertText" : "delete", false, value)) field.value = value;
  }
  field.dispatchEvent(new Event("change", { bubbles: true }));
};
