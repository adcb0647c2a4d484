namespace Governance.Domain.Costs;

/// <summary>Factors on a whole request, in thousandths: 500 is half price, 2000 double.</summary>
public sealed record PriceMultipliers(int Batch = 1000, int Flex = 1000, int Priority = 1000, int Regional = 1000)
{
    public static PriceMultipliers None { get; } = new();

    public int For(ServiceTier tier) => tier switch
    {
        ServiceTier.Batch => Batch,
        ServiceTier.Flex => Flex,
        ServiceTier.Priority => Priority,
        _ => 1000,
    };
}
