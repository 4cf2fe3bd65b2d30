import { Dialog } from "#components/ui/dialog.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { EVERYWHERE } from "#components/ui/keys-list.ts";

type Props = {
  keys: readonly { key: string; shown?: string; what: string }[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

/** The keys of the screen, and those of every screen. */
export function IncidentHelp({ keys, open, onOpenChange }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keys on this screen"
      description="They rest while you type or a dialog is open."
    >
      <dl className="grid grid-cols-2 gap-x-6 gap-y-1.5">
        {[...keys, ...EVERYWHERE].map(({ key, shown, what }) => (
          <div key={key} className="flex items-baseline justify-between gap-3">
            <dt className="text-dim">{what}</dt>
            <dd>
              <Kbd>{shown ?? key}</Kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
