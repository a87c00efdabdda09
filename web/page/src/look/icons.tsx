// Drawn here, each on a 24 × 24 ground; the words beside them say what they mean.
import type { ReactNode } from "react";

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      width="24"
      height="24"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const WaveIcon = () => (
  <Icon>
    <path d="M2 14.500c2.600-7 4.600-7 6.100-2.200s3.400 4.600 4.900-2.200 3.700-5.400 5.600.8S21.500 14 22 13" />
  </Icon>
);
export const MicIcon = () => (
  <Icon>
    <rect x="9" y="3" width="6" height="11" rx="3" />
    <path d="M5.500 11.500a6.500 6.500 0 0 0 13 0M12 18v3" />
  </Icon>
);
export const TakesIcon = () => (
  <Icon>
    <path d="M4 10v4M8 6.500v11M12 9v6M16 4.500v15M20 10v4" />
  </Icon>
);
export const SongsIcon = () => (
  <Icon>
    <circle cx="7" cy="17.500" r="2.500" />
    <circle cx="17" cy="15.500" r="2.500" />
    <path d="M9.500 17.500V6l10-2v11.500" />
  </Icon>
);
export const SettingsIcon = () => (
  <Icon>
    <path d="M4 7h9M19 7h1M4 17h1M11 17h9" />
    <circle cx="16" cy="7" r="2.500" />
    <circle cx="8" cy="17" r="2.500" />
  </Icon>
);
export const PlayIcon = () => (
  <Icon>
    <path d="M8 5.500v13l10.500-6.500z" fill="currentColor" />
  </Icon>
);
export const PauseIcon = () => (
  <Icon>
    <path d="M8.500 6v12M15.500 6v12" strokeWidth="3.5" />
  </Icon>
);
export const HandleIcon = () => (
  <Icon>
    <path d="M5 9h14M5 15h14" />
  </Icon>
);
export const AlbumsIcon = () => (
  <Icon>
    <rect x="3.500" y="3.500" width="17" height="17" rx="3" />
    <circle cx="12" cy="12" r="4" />
    <path d="M12 12h.01" />
  </Icon>
);
export const StopIcon = () => (
  <Icon>
    <rect x="6.500" y="6.500" width="11" height="11" rx="2" fill="currentColor" />
  </Icon>
);
