#if defined(__x86_64__)
#define ORAK_NETWORK_KERNELS avx2_network_kernels
#define ORAK_VECTOR_BYTES 32
#include "voice/network_kernels_body.h"
#endif
