import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app";
import "./look/base.css";
import { startPreferences } from "./settings/preferences";
import { startSending } from "./upload/sender";

startPreferences();
startSending();
const place = document.getElementById("page");
if (place)
  createRoot(place).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
