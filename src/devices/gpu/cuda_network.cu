#include <cuda_runtime.h>

#include <vector>

#include "devices/gpu/cuda_network.h"

namespace orakgarak::devices {

struct CudaNetwork {
  ~CudaNetwork() {
    for (void* table : kept) cudaFree(table);
    if (stream != nullptr) cudaStreamDestroy(stream);
  }
  std::vector<void*> kept;
  voice::grid::Tables tables{};
  cudaStream_t stream = nullptr;
};

namespace {

constexpr int block_size = 256;

template <class Step>
__global__ void run_threads(Step step, std::int64_t threads) {
  const std::int64_t i = voice::grid::thread_index(blockIdx.x, blockDim.x, threadIdx.x);
  if (i < threads) step(i);
}

/// The first fault of several calls.
struct Fault {
  cudaError_t first = cudaSuccess;
  bool none() const { return first == cudaSuccess; }
  void see(cudaError_t now) {
    if (none()) first = now;
  }
};

/// Memory of the GPU for as long as it stands.
struct Room {
  ~Room() {
    if (bytes != nullptr) cudaFree(bytes);
  }
  std::byte* bytes = nullptr;
};

std::string name_of(const cudaDeviceProp& gpu) {
  char bus[32] = "";
  if (cudaDeviceGetPCIBusId(bus, sizeof(bus), 0) != cudaSuccess) return gpu.name;
  return std::string(gpu.name) + ", " + bus;
}

/// Where there is no driver at all, CUDA says that it is too old.
std::string why_none(cudaError_t fault) {
  int driver = 0;
  if (fault == cudaErrorInsufficientDriver && cudaDriverGetVersion(&driver) == cudaSuccess && driver == 0)
    return "there is no driver of NVIDIA's";
  return cudaGetErrorString(fault);
}

}  // namespace

CudaGpu open_cuda() {
  CudaGpu gpu;
  int count = 0;
  cudaDeviceProp properties{};
  Fault fault;
  fault.see(cudaGetDeviceCount(&count));
  if (fault.none() && count == 0) fault.see(cudaErrorNoDevice);
  if (fault.none()) fault.see(cudaSetDevice(0));
  if (fault.none()) fault.see(cudaGetDeviceProperties(&properties, 0));
  auto* network = new CudaNetwork;
  if (fault.none()) fault.see(cudaStreamCreateWithFlags(&network->stream, cudaStreamNonBlocking));
  if (fault.none())
    network->tables = voice::grid_tables([&](const void* data, std::size_t bytes) -> const void* {
      void* table = nullptr;
      if (fault.none()) fault.see(cudaMalloc(&table, bytes));
      if (table == nullptr) return nullptr;
      network->kept.push_back(table);
      fault.see(cudaMemcpy(table, data, bytes, cudaMemcpyHostToDevice));
      return table;
    });
  if (!fault.none()) {
    gpu.why = why_none(fault.first);
    delete network;
    return gpu;
  }
  gpu.network = network;
  gpu.name = name_of(properties);
  gpu.memory_bytes = properties.totalGlobalMem;
  return gpu;
}

void close_cuda(CudaNetwork* network) { delete network; }

CudaRan run_cuda(CudaNetwork& network, const voice::NetworkTile& tile, std::span<voice::NetworkFrame> frames,
                 std::string& why) {
  voice::grid::Work work;
  const auto count = static_cast<std::int64_t>(tile.centres.size());
  const auto samples = static_cast<std::int64_t>(tile.samples.size());
  Room room;
  Fault fault;
  fault.see(cudaSetDevice(0));  // of this thread
  if (fault.none()) fault.see(cudaMalloc(&room.bytes, voice::grid::lay_out(work, nullptr, count, samples)));
  if (fault.first == cudaErrorMemoryAllocation) {
    cudaGetLastError();  // it is told, and the next call is not to find it
    return CudaRan::out_of_memory;
  }
  if (fault.none()) {
    voice::grid::lay_out(work, room.bytes, count, samples);
    fault.see(cudaMemcpyAsync(work.samples, tile.samples.data(), tile.samples.size() * sizeof(float),
                              cudaMemcpyHostToDevice, network.stream));
    fault.see(cudaMemcpyAsync(work.centres, tile.centres.data(), tile.centres.size() * sizeof(std::int32_t),
                              cudaMemcpyHostToDevice, network.stream));
    voice::grid::run(network.tables, work, voice::grid_input_scale(),
                     [&]<class Step>(const Step& step, std::int64_t threads) {
                       const auto blocks = static_cast<unsigned>((threads + block_size - 1) / block_size);
                       run_threads<<<blocks, block_size, 0, network.stream>>>(step, threads);
                       fault.see(cudaGetLastError());
                     });
    fault.see(cudaMemcpyAsync(frames.data(), work.out, frames.size_bytes(), cudaMemcpyDeviceToHost,
                              network.stream));
    fault.see(cudaStreamSynchronize(network.stream));
  }
  if (fault.none()) return CudaRan::done;
  why = cudaGetErrorString(fault.first);
  return CudaRan::failed;
}

}  // namespace orakgarak::devices
