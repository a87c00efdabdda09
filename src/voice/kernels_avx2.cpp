#if defined(__x86_64__)
#define ORAK_KERNELS avx2_kernels
#define ORAK_VECTOR_BYTES 32
#include "voice/kernels_body.h"
#endif
