#define ORAK_KERNELS baseline_kernels
#define ORAK_VECTOR_BYTES 16
#include "voice/kernels_body.h"
