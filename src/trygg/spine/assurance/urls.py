from django.urls import path

from trygg.spine.assurance import views, views_documents

app_name = "case"
urlpatterns = [
    path("claims/<int:claim_id>/", views.claim, name="claim"),
    path("claims/<int:claim_id>/document/", views.document, name="document"),
    path("claims/<int:claim_id>/contest/", views.contest, name="contest"),
    path("claims/<int:claim_id>/assign/", views.assign, name="assign"),
    path("documents/<int:document_id>/", views_documents.attach, name="attach"),
    path("documents/<int:document_id>/undo/", views_documents.detach, name="detach"),
    path("matters/<slug:matter_key>/documents/", views_documents.documents, name="documents"),
    path("evidence/<int:piece_id>/settle/", views.settle, name="settle"),
    path("evidence/<int:piece_id>/withdraw/", views.withdraw, name="withdraw"),
]
