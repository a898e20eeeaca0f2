// Arrow keys move as in a table: up and down within a column, left and right out of a cell at the end of its text.

/** An element that a student types into or chooses an option from. */
export type FormField = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Moves the focus to the neighboring cell if the key asks for it. */
export function moveByArrow(event: KeyboardEvent, field: FormField): void {
  if (
    field instanceof HTMLTextAreaElement ||
    event.altKey ||
    event.ctrlKey ||
    event.metaKey ||
    event.shiftKey
  )
    return;
  const step = stepOf(event.key, field);
  const target = step && neighborOf(field, step);
  if (!target) return;
  event.preventDefault();
  target.focus();
  if (target instanceof HTMLInputElement) target.select();
}

interface ArrowStep {
  readonly rows: number;
  readonly columns: number;
}

function stepOf(key: string, field: HTMLInputElement | HTMLSelectElement): ArrowStep | undefined {
  // In a list of options, up and down choose one.
  const isList = field instanceof HTMLSelectElement;
  const [start, end, length] = isList
    ? [0, 0, 0]
    : [field.selectionStart ?? 0, field.selectionEnd ?? 0, field.value.length];
  const isAll = start === 0 && end === length;
  switch (key) {
    case 'ArrowUp':
      return isList ? undefined : { rows: -1, columns: 0 };
    case 'ArrowDown':
      return isList ? undefined : { rows: 1, columns: 0 };
    case 'Enter':
      return { rows: 1, columns: 0 };
    case 'ArrowLeft':
      return isAll || end === 0 ? { rows: 0, columns: -1 } : undefined;
    case 'ArrowRight':
      return isAll || start === length ? { rows: 0, columns: 1 } : undefined;
    default:
      return undefined;
  }
}

/** Returns the next field in that direction, skipping rows and cells without one. */
function neighborOf(field: Element, { rows, columns }: ArrowStep): HTMLElement | undefined {
  const cell = field.closest('td');
  const row = cell?.closest('tr');
  if (!cell || !row) return undefined;
  const inCell = (place: Element | undefined) =>
    place?.querySelector<HTMLElement>('[data-field]') ?? undefined;
  if (columns !== 0) {
    for (let place = next(cell, columns); place; place = next(place, columns)) {
      const found = inCell(place);
      if (found) return found;
    }
    return undefined;
  }
  // Stays within the section, so that nobody enters the table that asks again by chance.
  const part = row.closest('section');
  const all = [...document.querySelectorAll('tr[data-row]')].filter((one) => one.closest('section') === part);
  for (let index = all.indexOf(row) + rows; index >= 0 && index < all.length; index += rows) {
    const found = inCell(all[index]?.children[cell.cellIndex]);
    if (found) return found;
  }
  return undefined;
}

function next(place: Element, step: number): Element | null {
  return step > 0 ? place.nextElementSibling : place.previousElementSibling;
}
