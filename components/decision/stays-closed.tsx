/** Said wherever something is taken back of a closed incident, before it is proposed and before it is signed. */
export function StaysClosed() {
  return (
    <p role="note" className="border-l-2 border-warn bg-warn/8 px-3 py-2 text-sm">
      This incident is closed and stays closed. What is proposed here only takes back what an
      earlier response did.
    </p>
  );
}
