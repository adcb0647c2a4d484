using Microsoft.Extensions.DependencyInjection;

namespace Governance.Infrastructure.Identity.Reviews;

internal static class ReviewsServices
{
    public static IServiceCollection AddAccessReviews(this IServiceCollection services) => services
        .AddSingleton<AccessRevocations>()
        .AddSingleton<AccessReviewService>()
        .AddSingleton<AccessReviewQueries>();
}
