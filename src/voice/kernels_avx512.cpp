#if defined(__x86_64__)
#define ORAK_KERNELS avx512_kernels
#define ORAK_VECTOR_BYTES 64
#include "voice/kernels_body.h"
#endif
