import { HostileText } from "#components/marks/hostile-text.tsx";
import { FIELD_NAMES, FIELD_TRUST, fieldValues } from "#lib/domain/evidence/fields.ts";
import type { Fields } from "#lib/domain/evidence/fields.ts";

/** The known fields of a record in our names; what is missing is unknown and not shown. */
export function FieldsTable({ fields }: { fields: Fields }) {
  const known = FIELD_NAMES.filter((name) => fields[name] !== undefined);
  if (known.length === 0) {
    return (
      <p className="px-3 py-4 text-dim">
        No field of this record has a name we know. Its raw text holds everything it said.
      </p>
    );
  }
  return (
    <table className="record w-full border-collapse bg-sunken">
      <caption className="sr-only">Fields of the record</caption>
      <tbody>
        {known.map((name) => (
          <tr key={name} className="border-b border-line/60 align-top last:border-0">
            <th scope="row" className="w-40 px-3 py-1 text-left font-normal text-faint">
              {name}
            </th>
            <td className="py-1 pr-3 text-text wrap-anywhere">
              {fieldValues(fields, name).map((value, index) => (
                <span key={index} className="block">
                  <HostileText text={String(value)} lines />
                </span>
              ))}
            </td>
            <td className="w-20 px-3 py-1 text-right font-sans text-2xs text-faint">
              {FIELD_TRUST[name] === "attacker" ? (
                <span title="An attacker could have chosen these words">not trusted</span>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
