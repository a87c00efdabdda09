#if defined(__x86_64__)
#define ORAK_NETWORK_KERNELS vnni_network_kernels
#define ORAK_VECTOR_BYTES 64
#define ORAK_DOT_PRODUCTS
#include "voice/network_kernels_body.h"
#endif
