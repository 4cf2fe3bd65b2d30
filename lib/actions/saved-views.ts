"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { changeView } from "#lib/commands/change-view.ts";
import { deleteView } from "#lib/commands/delete-view.ts";
import { endTour } from "#lib/commands/end-tour.ts";
import { saveView } from "#lib/commands/save-view.ts";
import { setFirstView } from "#lib/commands/set-first-view.ts";
import {
  changeViewInput,
  deleteViewInput,
  endTourInput,
  firstViewInput,
  saveViewInput,
} from "#lib/contracts/saved-views.ts";
import { by } from "./by.ts";

export const saveViewAction = defineAction({
  name: "view_save",
  permission: "incident:read",
  input: saveViewInput,
  run: ({ person, input, db }) => saveView(db, input, by(person)),
});

export const changeViewAction = defineAction({
  name: "view_change",
  permission: "incident:read",
  input: changeViewInput,
  run: ({ person, input, db }) => changeView(db, input, by(person)),
});

export const deleteViewAction = defineAction({
  name: "view_delete",
  permission: "incident:read",
  input: deleteViewInput,
  run: ({ person, input, db }) => deleteView(db, input.viewId, by(person)),
});

export const setFirstViewAction = defineAction({
  name: "view_first",
  permission: "incident:read",
  input: firstViewInput,
  run: ({ person, input, db }) => setFirstView(db, input.first, by(person)),
});

export const endTourAction = defineAction({
  name: "tour_end",
  permission: "incident:read",
  input: endTourInput,
  run: ({ person, db }) => endTour(db, by(person)),
});
