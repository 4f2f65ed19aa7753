"""Operations, lifecycles, history, jobs, exports, pages: what every module stands on."""
